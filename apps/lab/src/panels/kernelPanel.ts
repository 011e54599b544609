import type { Matrix, PanelEntry, ProblemView, RunView, Selection } from '@ggdln/core';
import { formatNumber } from '@ggdln/plot';
import { divergingColor, drawHeat, gradientOf, roundLimit, sequentialColor } from '../charts/heat.ts';
import { createIdle } from '../charts/idle.ts';
import { createPlate } from '../charts/plate.ts';
import {
  gatedKernel,
  gateOverlap,
  inputKernel,
  jointGates,
  MOST_ROWS,
  orderByTarget,
  type Spectrum,
  spectrumOf,
} from './kernels.ts';
import { append, mountPanel, type PanelHost, type Scene, setHtml } from './mountPanel.ts';
import { isInfinite, pointsAt, shownX, sidesOf, specValue } from './run.ts';
import { spectrumPicture } from './spectrumPicture.ts';
import { counted, placeText, sentence, signed } from './words.ts';

const KINDS = ['kernel', 'inputs', 'gates'] as const;
type Kind = (typeof KINDS)[number];
const TITLES: Readonly<Record<Kind, string>> = { kernel: 'K(U)', inputs: 'K₀', gates: 'Gates' };
const MEANINGS: Readonly<Record<Kind, string>> = {
  kernel: 'kernel of the network at this width',
  inputs: 'K₀ = XXᵀ/N₀',
  gates: 'share of gates that are open together',
};

/** Kernels on the training inputs and their eigenvalues. */
export const kernelPanel: PanelEntry = {
  title: 'Kernels and spectrum',
  summary: 'Gate overlap, input kernel and the kernel that learning makes of them, with eigenvalues.',
  equation: 'ggdln/6',
  span: 2,
  accepts: ({ problem }) => problem !== undefined && problem.trainX.rows > 1 && problem.trainX.cols > 0,
  describe(view, selection) {
    const shown = Math.min(MOST_ROWS, view.problem?.trainX.rows ?? 0);
    const all = view.problem?.trainSize ?? 0;
    const size =
      shown < all ? `first ${shown} of ${formatNumber(all, 6)} training inputs` : counted(all, 'training input');
    return sentence(placeText(view, shownX(view, selection)), `${size} by target`);
  },
  table(view, selection) {
    const made = kernelsOf(view, selection);
    const values = (spectrum: Spectrum | undefined, i: number) => spectrum?.values[i] ?? null;
    const longest = made?.theory ?? made?.sampled ?? made?.infinite;
    return (longest?.spectrum.values ?? []).map((_, i) => ({
      eigenvalue: i + 1,
      theory: values(made?.theory?.spectrum, i),
      sampled: values(made?.sampled?.spectrum, i),
      'infinite width': values(made?.infinite?.spectrum, i),
    }));
  },
  mount: (element, context) => mountPanel(element, context, build),
};

interface Made {
  readonly matrix: Matrix;
  readonly spectrum: Spectrum;
}

interface Kernels {
  readonly K0: Matrix;
  readonly overlap: Matrix | undefined;
  readonly theory: Made | undefined;
  readonly sampled: Made | undefined;
  readonly infinite: Made | undefined;
}

interface Basis {
  readonly K0: Matrix;
  readonly overlap: Matrix | undefined;
  readonly psi: Matrix | undefined;
  readonly kernels: WeakMap<Matrix, Made>;
}

const bases = new WeakMap<ProblemView, Basis>();
/** Joint gates beyond this many make no picture of K(U). */
const MOST_GATES = 128;

function basisOf(problem: ProblemView): Basis {
  const known = bases.get(problem);
  if (known) return known;
  const rows = orderByTarget(problem);
  const joint = problem.trainGates.reduce((count, { cols }) => count * cols, 1);
  const made: Basis = {
    K0: inputKernel(problem.trainX, rows),
    overlap: problem.trainGates[0] ? gateOverlap(problem.trainGates[0], rows) : undefined,
    psi: joint <= MOST_GATES ? jointGates(problem.trainGates, rows) : undefined,
    kernels: new WeakMap(),
  };
  bases.set(problem, made);
  return made;
}

/** Everything the panel shows; what was made once is kept with what it was made of. */
function kernelsOf(view: RunView, selection: Selection): Kernels | undefined {
  const { problem } = view;
  if (!problem) return undefined;
  const basis = basisOf(problem);
  const { theory, sampled } = sidesOf(view, selection, ({ arrays }) => arrays.U1 !== undefined);
  const infinite = pointsAt(view, shownX(view, selection), isInfinite).find(({ arrays }) => arrays.U1)?.arrays.U1;
  const sigma2 = sigmaSquared(view, problem, infinite);
  const make = (U1: Matrix | undefined): Made | undefined => {
    if (!U1 || !basis.psi || U1.rows !== basis.psi.cols) return undefined;
    const known = basis.kernels.get(U1);
    if (known) return known;
    const matrix = gatedKernel(basis.K0, basis.psi, U1, sigma2);
    const made = { matrix, spectrum: spectrumOf(matrix) };
    basis.kernels.set(U1, made);
    return made;
  };
  return {
    K0: basis.K0,
    overlap: basis.overlap,
    theory: make(theory?.arrays.U1),
    sampled: make(sampled?.arrays.U1),
    infinite: make(infinite),
  };
}

/** σ²: at infinite width U₁ = σ^{2L} I. */
function sigmaSquared(view: RunView, problem: ProblemView, infinite: Matrix | undefined): number {
  const depth = Math.max(1, problem.trainGates.length);
  if (infinite && infinite.data[0] > 0) return infinite.data[0] ** (1 / depth);
  const sigma = specValue(view, 'architecture.sigma');
  return typeof sigma === 'number' ? sigma ** 2 : 1;
}

function build(host: PanelHost): (scene: Scene) => void {
  const { root, document } = host;
  const tabs = append(root, 'div', 'panel-tabs');
  const heat = createPlate(document);
  root.append(heat.element);
  const bar = append(root, 'div', 'color-bar');
  const spectrum = createPlate(document);
  root.append(spectrum.element);
  const read = append(root, 'div', 'read');
  let kind: Kind = 'kernel';
  let made:
    | { readonly view: RunView; readonly x: number | undefined; readonly kernels: Kernels | undefined }
    | undefined;
  const idle = createIdle(document);
  host.listen(tabs, 'click', (event) => {
    const pressed = event.target instanceof HTMLElement ? event.target.closest('button')?.dataset.kind : undefined;
    const found = KINDS.find((one) => one === pressed);
    if (found) kind = found;
    host.redraw();
  });
  return ({ view, selection, palette, width }) => {
    const x = shownX(view, selection);
    if (made?.view !== view || made.x !== x) {
      idle.request(() => {
        made = { view, x, kernels: kernelsOf(view, selection) };
        host.redraw();
      });
    }
    const kernels = made?.kernels;
    if (!kernels) return;
    const { overlap, K0 } = kernels;
    const kernel = kernels.theory ?? kernels.sampled ?? kernels.infinite;
    const matrices: Readonly<Record<Kind, Matrix | undefined>> = { kernel: kernel?.matrix, inputs: K0, gates: overlap };
    const kinds = KINDS.filter((one) => matrices[one] !== undefined);
    const shown = matrices[kind] ? kind : kinds[0];
    const matrix = matrices[shown];
    if (!matrix) return;
    setHtml(tabs, tabsHtml(kinds, shown));
    const low = Math.min(...matrix.data);
    const limit = roundLimit(Math.max(...matrix.data.map(Math.abs)));
    const negative = low < -0.02 * limit;
    const color = negative ? divergingColor(limit, palette) : sequentialColor(limit, palette);
    const side = Math.min(230, width);
    bar.style.maxWidth = `${side}px`;
    const picture = drawHeat({ matrix, color, names: [], width: side, palette, marked: undefined });
    heat.show({
      ...picture,
      sentence: `${MEANINGS[shown]}: ${matrix.rows} by ${matrix.cols}, from ${formatNumber(low, 2)} to ${formatNumber(Math.max(...matrix.data), 2)}.`,
    });
    const stops = negative ? palette.diverging : palette.sequential;
    setHtml(
      bar,
      `<span>${negative ? signed(-limit, limit < 1 ? 2 : 1) : '0'}</span><i style="background:${gradientOf(stops)}"></i><span>${formatNumber(limit, 2)}</span>`,
    );
    const lines = spectrumPicture(kernels, palette, width);
    spectrum.element.hidden = lines === undefined;
    if (lines) spectrum.show(lines);
    setHtml(read, numbersHtml(kernel?.spectrum, view));
  };
}

function numbersHtml(spectrum: Spectrum | undefined, view: RunView): string {
  if (!spectrum) return '';
  const temperature = specValue(view, 'temperature');
  const T = typeof temperature === 'number' ? temperature : 0;
  const [largest, least] = [spectrum.values[0], Math.max(0, spectrum.values[spectrum.values.length - 1])];
  const condition =
    least + T > 0 ? `<span>λ ratio of K + TI <b>${formatNumber((largest + T) / (least + T), 2)}</b></span>` : '';
  return `<span>trace <b>${formatNumber(spectrum.trace, 3)}</b></span><span>rank <b>${spectrum.rank}</b></span>${condition}`;
}

function tabsHtml(kinds: readonly Kind[], shown: Kind): string {
  const buttons = kinds.map(
    (kind) =>
      `<button type="button" data-kind="${kind}" aria-pressed="${kind === shown}" title="${MEANINGS[kind]}">${TITLES[kind]}</button>`,
  );
  return `<div class="seg" role="group" aria-label="Kernel">${buttons.join('')}</div>`;
}
