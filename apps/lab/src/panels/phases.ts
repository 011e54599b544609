import type { PanelEntry, RunView } from '@ggdln/core';
import { formatNumber } from '@ggdln/plot';
import { createPlate } from '../charts/plate.ts';
import { axisOf, createGrowth } from '../charts/scales.ts';
import { escapeText } from '../charts/svg.ts';
import { markedCurve } from './markedCurve.ts';
import { append, mountPanel, type PanelHost, type Scene, setHtml } from './mountPanel.ts';
import { resultsOf } from './run.ts';
import { mountZoom, ZOOM_AND_PAN_KEYS } from './zoomControl.ts';

/** Numbers that the study of two phases tells. */
interface Phases {
  readonly tangent: number;
  readonly bayesian: number;
  readonly memory: number;
  /** Once theory has its curve. */
  readonly best: { readonly time: number; readonly error: number } | undefined;
}

/** Test error over log time with the plateaus that the two phases lead to, τc and the minimum. */
export const phases: PanelEntry = {
  title: 'Two phases',
  summary: 'Test error over time: the tangent kernel’s plateau, the Bayesian end, τc = σ²/T and the minimum.',
  equation: 'ndk/6',
  span: 4,
  accepts: (view) => phasesOf(view) !== undefined,
  describe(view) {
    const found = phasesOf(view);
    return found
      ? `First to ${formatNumber(found.tangent, 3)}, then over τc = ${formatNumber(found.memory, 3)} to ${formatNumber(found.bayesian, 3)}`
      : '';
  },
  table(view) {
    const found = phasesOf(view);
    if (!found) return [];
    return [
      { number: 'tangent kernel limit', value: found.tangent },
      { number: 'Bayesian limit', value: found.bayesian },
      { number: 'τc', value: found.memory },
      { number: 'smallest error', value: found.best?.error ?? null },
      { number: 'its time', value: found.best?.time ?? null },
    ];
  },
  mount: (element, context) => mountPanel(element, context, build),
};

function phasesOf({ diagnostics }: RunView): Phases | undefined {
  const value = (name: string) => diagnostics[name]?.value;
  const [tangent, bayesian] = [value('tangent kernel limit'), value('Bayesian limit')];
  const memory = value('correlation time τc = σ²/T');
  if (tangent === undefined || bayesian === undefined || memory === undefined) return undefined;
  const [error, time] = [value('smallest error'), value('time of the smallest error')];
  return { tangent, bayesian, memory, best: error === undefined || time === undefined ? undefined : { error, time } };
}

function build(host: PanelHost): (scene: Scene) => void {
  const plate = createPlate(host.document, { keys: ZOOM_AND_PAN_KEYS, className: 'scan' });
  const growth = createGrowth();
  const zoom = mountZoom(host, plate, { pans: true, onFit: growth.reset });
  const read = append(host.root, 'div', 'read');
  return ({ view, palette, width }) => {
    const found = phasesOf(view);
    if (!found) return;
    const results = resultsOf(view).filter(({ metric }) => metric === 'test error');
    const times = results.flatMap(({ x }) => (x === null ? [] : [x]));
    growth.begin(JSON.stringify(view.spec));
    const bars = results.flatMap(({ value, stderr }) => [value - (stderr ?? 0), value + (stderr ?? 0)]);
    const { tangent, bayesian, memory, best } = found;
    const [upper, lower] =
      tangent >= bayesian ? ['tangent kernel', 'Bayesian posterior'] : ['Bayesian posterior', 'tangent kernel'];
    const picture = markedCurve({
      results,
      marks: {
        verticals: [{ x: memory, name: 'τc' }],
        levels: [
          { y: Math.max(tangent, bayesian), name: `${upper} ${formatNumber(Math.max(tangent, bayesian), 3)}` },
          { y: Math.min(tangent, bayesian), name: `${lower} ${formatNumber(Math.min(tangent, bayesian), 3)}` },
        ],
        points: best && best.error < Math.min(tangent, bayesian) ? [{ x: best.time, y: best.error, name: 'best' }] : [],
      },
      xAxis: axisOf(growth.hold('x', times), { scale: 'log' }),
      yAxis: axisOf(growth.hold('y', [...bars, tangent, bayesian]), { zero: false }),
      xLabel: 'time t',
      yName: 'test error',
      shown: zoom.axis,
      palette,
      width,
    });
    zoom.drew(picture.frames);
    const ends = `the tangent kernel leads to ${formatNumber(tangent, 3)}, the Bayesian posterior to ${formatNumber(bayesian, 3)}`;
    const least = best
      ? `; the smallest error is ${formatNumber(best.error, 3)} at t = ${formatNumber(best.time, 3)}`
      : '';
    plate.show({ ...picture, sentence: `Test error over time: ${ends}${least}.` });
    const text = best
      ? `Smallest error ${formatNumber(best.error, 3)} at t = ${formatNumber(best.time, 3)} = ${formatNumber(best.time / memory, 2)} τc`
      : 'Solving the integral equation';
    setHtml(read, `<span>${escapeText(text)}</span>`);
  };
}
