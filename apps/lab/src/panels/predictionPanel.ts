import type { PanelEntry, Row, RunView } from '@ggdln/core';
import { formatNumber } from '@ggdln/plot';
import { gradientOf } from '../charts/heat.ts';
import { createPlate, type Plate } from '../charts/plate.ts';
import { createGrowth } from '../charts/scales.ts';
import { escapeText } from '../charts/svg.ts';
import { imageHtml } from './images.ts';
import { append, mountPanel, type PanelHost, type Scene, setHtml } from './mountPanel.ts';
import { type Predictions, predictionsOf, summaryOf } from './prediction.ts';
import { predictionCurve } from './predictionCurve.ts';
import { predictionField } from './predictionField.ts';
import { type PredictionPicture, type PredictionScene, predictionScatter } from './predictionScatter.ts';
import { shownX } from './run.ts';
import { counted, placeText, plusMinus, sentence } from './words.ts';
import { mountZoom, ZOOM_KEYS } from './zoomControl.ts';

/** What networks answer, input by input. */
export const predictionPanel: PanelEntry = {
  title: 'Prediction',
  summary: 'Mean output on the test inputs, theory beside simulation.',
  equation: ({ equation }) => equation,
  span: 2,
  accepts: (view) => view.points.some(({ arrays }) => arrays.mean !== undefined),
  heading: (view) =>
    view.problem?.image
      ? 'Prediction, image by image'
      : kindOf(view) === 'scatter'
        ? 'Prediction, input by input'
        : 'Prediction',
  describe(view, selection) {
    const count = predictionsOf(view, selection)?.count ?? 0;
    const where = kindOf(view) === 'field' ? 'nearest of ' : 'on ';
    const what = `mean output ${where}${counted(count, view.problem?.image ? 'test image' : 'test input')}`;
    return sentence(placeText(view, shownX(view, selection)), what);
  },
  table(view, selection) {
    const found = predictionsOf(view, selection);
    return found ? Array.from({ length: found.count }, (_, i) => tableRow(found, i)) : [];
  },
  mount: (element, context) => mountPanel(element, context, build),
};

function tableRow({ theory, theoryDeviation, sampled, stderr, infinite, target }: Predictions, i: number): Row {
  const number = (values: Float64Array | undefined) => values?.[i] ?? null;
  return {
    input: i + 1,
    target: number(target),
    theory: number(theory),
    'theory sd': number(theoryDeviation),
    sampled: number(sampled),
    stderr: number(stderr),
    'infinite width': number(infinite),
  };
}

type Kind = 'curve' | 'field' | 'scatter';

function kindOf({ problem }: RunView): Kind {
  if (!problem || problem.testX.rows === 0) return 'scatter';
  return problem.testX.cols === 1 ? 'curve' : problem.testX.cols === 2 ? 'field' : 'scatter';
}

function picture(view: RunView, scene: PredictionScene): PredictionPicture | undefined {
  const { problem } = view;
  const kind = kindOf(view);
  const examples = problem ? { X: problem.trainX, Y: problem.trainY } : undefined;
  if (problem && examples && kind === 'curve') return predictionCurve(scene, problem.testX, examples);
  if (problem && examples && kind === 'field') return predictionField(scene, problem.testX, examples);
  return predictionScatter(scene);
}

const CHOICE_KEYS = 'Left and right arrows choose a test input';
const KEYS = `${CHOICE_KEYS}; ${ZOOM_KEYS}`;

/** Where a test input is along x in what was drawn. */
function placeOf(drawn: PredictionPicture | undefined, sample: number | undefined) {
  return sample === undefined ? undefined : drawn?.placeOf?.(sample);
}

function build(host: PanelHost): (scene: Scene) => void {
  const { root, document, context } = host;
  const tabs = append(root, 'div', 'panel-tabs');
  const plate = createPlate(document, { keys: KEYS, className: 'scan' });
  const growth = createGrowth();
  const about = () => placeOf(drawn, context.selection.get().sample)?.[1];
  const zoom = mountZoom(host, plate, { about, onFit: growth.reset });
  const bar = append(root, 'div', 'color-bar');
  const stats = append(root, 'div', 'read');
  const read = append(root, 'div', 'sample-read');
  let output = 0;
  let drawn: PredictionPicture | undefined;
  let shown: Predictions | undefined;

  host.listen(tabs, 'click', (event) => {
    const pressed = event.target instanceof HTMLElement ? event.target.closest('button')?.dataset.output : undefined;
    if (pressed === undefined) return;
    output = Number(pressed);
    host.redraw();
  });
  const put = (sample: number | undefined, pinned: boolean) => {
    const { sample: _, ...rest } = context.selection.get();
    context.selection.set(sample === undefined ? rest : { ...rest, sample, pinned });
  };
  listenToPointer(host, plate, (at) => drawn?.nearest(at), put);
  host.listen(plate.element, 'keydown', (event) => {
    if (event.key === 'Escape') put(undefined, false);
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined || !shown) return;
    event.preventDefault();
    const next = neighbour(shown, context.selection.get().sample, step * (event.shiftKey ? 10 : 1));
    const place = placeOf(drawn, next);
    if (place) zoom.reveal(...place);
    put(next, true);
  });

  return ({ view, selection, palette, width }) => {
    shown = predictionsOf(view, selection, output);
    if (!shown) return;
    growth.begin(`${JSON.stringify(view.spec)}${view.status === 'done'}${shown.sides.x}${shown.output}`);
    const sample = selection.sample !== undefined && selection.sample < shown.count ? selection.sample : undefined;
    zoom.begin(`${view.title} ${kindOf(view)} ${shown.output}`);
    drawn = picture(view, { predictions: shown, palette, width, sample, hold: growth.hold, shown: zoom.axis });
    zoom.drew(drawn?.frames ?? []);
    setHtml(tabs, shown.outputs > 1 && shown.outputs <= 12 ? tabsHtml(shown) : '');
    plate.element.hidden = drawn === undefined;
    if (drawn) plate.show({ ...drawn, keys: drawn.frames.length > 0 ? KEYS : CHOICE_KEYS });
    const field = kindOf(view) === 'field';
    bar.hidden = !field;
    if (field)
      setHtml(
        bar,
        `<span>below 0</span><i style="background:${gradientOf(palette.diverging)}"></i><span>above 0</span>`,
      );
    setHtml(stats, statsHtml(shown));
    setHtml(read, sample === undefined ? '' : sampleHtml(shown, sample, view, palette.sequential));
    read.hidden = sample === undefined && view.problem?.image === undefined;
  };
}

/** Pointing previews a test input, a click keeps it. */
function listenToPointer(
  { listen, context }: PanelHost,
  plate: Plate,
  nearest: (at: readonly [number, number]) => number | undefined,
  put: (sample: number | undefined, pinned: boolean) => void,
): void {
  listen(plate.element, 'pointermove', (event) => {
    const { pinned, sample } = context.selection.get();
    const found = nearest(plate.at(event));
    if (!pinned && found !== undefined && found !== sample) put(found, false);
  });
  listen(plate.element, 'click', (event) => put(nearest(plate.at(event)), true));
}

/** The test input that comes next in the order of theory. */
function neighbour({ theory, sampled, count }: Predictions, sample: number | undefined, step: number): number {
  const values = theory ?? sampled ?? new Float64Array(count);
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const at = sample === undefined ? -1 : order.indexOf(sample);
  return order[Math.min(count - 1, Math.max(0, at + step))];
}

function statsHtml(predictions: Predictions): string {
  const summary = summaryOf(predictions);
  if (!summary) return '<span class="muted">Run it to compare theory with simulation.</span>';
  const outside =
    summary.withError > 0 ? `<span><b>${summary.outside} of ${summary.withError}</b> beyond 2 s.e.</span>` : '';
  return `<span>rms difference <b>${formatNumber(summary.rms, 2)}</b></span>${outside}`;
}

function sampleHtml(found: Predictions, i: number, view: RunView, stops: readonly string[]): string {
  const { problem } = view;
  const picture =
    problem?.image && i < problem.testX.rows
      ? imageHtml(problem.testX, i, problem.image, stops, 44, `Test image ${i + 1}`)
      : '';
  const parts = [
    found.target ? `target ${formatNumber(found.target[i])}` : '',
    found.theory
      ? `theory ${formatNumber(found.theory[i], 3)}${found.theoryDeviation ? ` (sd ${formatNumber(found.theoryDeviation[i], 2)})` : ''}`
      : '',
    found.sampled ? `sampled ${plusMinus(found.sampled[i], found.stderr?.[i] ?? null)}` : '',
    found.infinite ? `infinite width ${formatNumber(found.infinite[i], 3)}` : '',
  ];
  return `${picture}<span>Test input ${i + 1}<br>${escapeText(parts.filter((part) => part !== '').join(' · '))}</span>`;
}

function tabsHtml({ outputs, output }: Predictions): string {
  const buttons = Array.from({ length: outputs }, (_, c) => {
    return `<button type="button" data-output="${c}" aria-pressed="${c === output}" aria-label="Output ${c + 1}">${c + 1}</button>`;
  });
  return `<span class="small muted">Output</span><div class="seg" role="group" aria-label="Output">${buttons.join('')}</div>`;
}
