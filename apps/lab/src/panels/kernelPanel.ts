import type { Matrix, PanelEntry, RunView } from '@ggdln/core';
import { formatNumber } from '@ggdln/plot';
import { divergingColor, drawHeat, gradientOf, roundLimit, sequentialColor } from '../charts/heat.ts';
import { createIdle } from '../charts/idle.ts';
import { createPlate } from '../charts/plate.ts';
import { MOST_ROWS, type Spectrum } from './kernels.ts';
import { append, mountPanel, type PanelHost, type Scene, setHtml } from './mountPanel.ts';
import { shownX, specValue } from './run.ts';
import { type Kernels, kernelsOf } from './runKernels.ts';
import { spectrumPicture } from './spectrumPicture.ts';
import { counted, placeText, sentence, signed } from './words.ts';
import { mountZoom, ZOOM_AND_PAN_KEYS } from './zoomControl.ts';

/** More outputs than these have no buttons. */
const MOST_OUTPUTS = 12;
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
    const order = outputsOf(view) > 1 ? 'in the order of one of the targets, K(U) of its output' : 'by target';
    return sentence(placeText(view, shownX(view, selection)), `${size} ${order}`);
  },
  table(view, selection) {
    const made = kernelsOf(view, selection, 0);
    const values = (spectrum: Spectrum | undefined, i: number) => spectrum?.values[i] ?? null;
    const longest = made?.theory ?? made?.sampled ?? made?.infinite;
    return (longest?.spectrum.values ?? []).map((_, i) => ({
      ...(outputsOf(view) > 1 ? { output: 1 } : {}),
      eigenvalue: i + 1,
      theory: values(made?.theory?.spectrum, i),
      sampled: values(made?.sampled?.spectrum, i),
      'infinite width': values(made?.infinite?.spectrum, i),
    }));
  },
  mount: (element, context) => mountPanel(element, context, build),
};

function build(host: PanelHost): (scene: Scene) => void {
  const { root, document } = host;
  const tabs = append(root, 'div', 'panel-tabs');
  const heat = createPlate(document);
  root.append(heat.element);
  const bar = append(root, 'div', 'color-bar');
  const spectrum = createPlate(document, { keys: ZOOM_AND_PAN_KEYS, className: 'scan' });
  const zoom = mountZoom(host, spectrum, { pans: true });
  const read = append(root, 'div', 'read');
  let kind: Kind = 'kernel';
  let output = 0;
  const made = makeWhenIdle(host, () => output);
  const drawMap = keptMap();
  host.listen(tabs, 'click', (event) => {
    const pressed = event.target instanceof HTMLElement ? event.target.closest('button')?.dataset : undefined;
    const found = KINDS.find((one) => one === pressed?.kind);
    if (found) kind = found;
    if (pressed?.output !== undefined) output = Number(pressed.output);
    host.redraw();
  });
  return (scene) => {
    const { view, palette, width } = scene;
    const outputs = outputsOf(view);
    if (output >= outputs) output = 0;
    const kernels = made(scene);
    if (!kernels) {
      setHtml(read, '<span class="muted">Kernels are on their way.</span>');
      return;
    }
    const kernel = kernels.theory ?? kernels.sampled ?? kernels.infinite;
    const matrices = { kernel: kernel?.matrix, inputs: kernels.K0, gates: kernels.overlap };
    const kinds = KINDS.filter((one) => matrices[one] !== undefined);
    const shown = matrices[kind] ? kind : kinds[0];
    const matrix = matrices[shown];
    if (!matrix) return;
    setHtml(tabs, tabsHtml(kinds, shown) + outputsHtml(outputs, output));
    const map = drawMap(matrix, MEANINGS[shown], palette, Math.min(230, width));
    heat.show(map.picture);
    bar.style.maxWidth = `${map.picture.width}px`;
    setHtml(bar, map.bar);
    zoom.begin(`${view.title} ${view.problem?.trainSize ?? 0} ${output}`);
    const lines = spectrumPicture(kernels, palette, width, zoom.axis);
    spectrum.element.hidden = lines === undefined;
    zoom.drew(lines?.frames ?? []);
    if (lines) spectrum.show(lines);
    setHtml(read, numbersHtml(kernel?.spectrum, view));
  };
}

/** What a scene needs, made when the page has nothing else to do; until then what was made before. */
function makeWhenIdle({ document, redraw }: PanelHost, outputNow: () => number): (scene: Scene) => Kernels | undefined {
  const idle = createIdle(document);
  let made:
    | {
        readonly view: RunView;
        readonly x: number | undefined;
        readonly output: number;
        readonly kernels: Kernels | undefined;
      }
    | undefined;
  return ({ view, selection }) => {
    const x = shownX(view, selection);
    const output = outputNow();
    if (made?.view !== view || made.x !== x || made.output !== output) {
      idle.request(() => {
        made = { view, x, output, kernels: kernelsOf(view, selection, output) };
        redraw();
      });
    }
    return made?.kernels;
  };
}

/** Keeps the map that was drawn last: kernels are made once a second, and other things of the panel drawn more often. */
function keptMap(): typeof mapOf {
  let asked: Parameters<typeof mapOf> | undefined;
  let map: ReturnType<typeof mapOf> | undefined;
  return (...request) => {
    if (!map || request.some((part, i) => part !== asked?.[i])) map = mapOf(...request);
    asked = request;
    return map;
  };
}

/** A kernel as a heat map with its colour bar. */
function mapOf(matrix: Matrix, meaning: string, palette: Scene['palette'], width: number) {
  const low = Math.min(...matrix.data);
  const high = Math.max(...matrix.data);
  const limit = roundLimit(Math.max(high, -low));
  const negative = low < -0.02 * limit;
  const color = negative ? divergingColor(limit, palette) : sequentialColor(limit, palette);
  const picture = drawHeat({ matrix, color, names: [], width, palette, marked: undefined });
  const sentence = `${meaning}: ${matrix.rows} by ${matrix.cols}, from ${formatNumber(low, 2)} to ${formatNumber(high, 2)}.`;
  const stops = negative ? palette.diverging : palette.sequential;
  const least = negative ? signed(-limit, limit < 1 ? 2 : 1) : '0';
  const bar = `<span>${least}</span><i style="background:${gradientOf(stops)}"></i><span>${formatNumber(limit, 2)}</span>`;
  return { picture: { ...picture, sentence }, bar };
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

const outputsOf = ({ problem }: RunView): number => problem?.trainY.cols ?? 1;

/** Which output's kernel; nothing to choose where there is one. */
function outputsHtml(outputs: number, shown: number): string {
  if (outputs < 2) return '';
  const choices = Array.from({ length: Math.min(outputs, MOST_OUTPUTS) }, (_, c) => {
    return `<button type="button" data-output="${c}" aria-pressed="${c === shown}" aria-label="Output ${c + 1}">${c + 1}</button>`;
  });
  const more = outputs > MOST_OUTPUTS ? ` <span class="small muted">of ${outputs}</span>` : '';
  return `<span class="small muted">Output</span><div class="seg" role="group" aria-label="Output">${choices.join('')}</div>${more}`;
}
