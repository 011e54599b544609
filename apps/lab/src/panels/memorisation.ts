import type { PanelEntry, RunView } from '@ggdln/core';
import { formatNumber } from '@ggdln/plot';
import { createPlate } from '../charts/plate.ts';
import { axisOf } from '../charts/scales.ts';
import { escapeText } from '../charts/svg.ts';
import { markedCurve } from './markedCurve.ts';
import { append, mountPanel, type PanelHost, type Scene, setHtml } from './mountPanel.ts';
import { type Result, resultsOf } from './run.ts';
import { plusMinus } from './words.ts';
import { mountZoom, ZOOM_AND_PAN_KEYS } from './zoomControl.ts';

/** Error on random labels against weights per label, with the two thresholds. */
export const memorisation: PanelEntry = {
  title: 'Thresholds of memorisation',
  summary: 'Best fit of random labels against kd/m: signs are separable from about half, values fitted from 1 on.',
  equation: 'galu/3',
  span: 3,
  accepts: (view) => errorsOf(view).length > 0,
  describe: (view) => `Squared error of ${[...new Set(errorsOf(view).map(({ group }) => group))].join('; ')}`,
  table(view) {
    return Object.entries(view.diagnostics).map(([number, { value, stderr = null }]) => ({ number, value, stderr }));
  },
  mount: (element, context) => mountPanel(element, context, build),
};

function errorsOf(view: RunView): Result[] {
  if (view.diagnostics['exact fits from kd/m on'] === undefined) return [];
  return resultsOf(view).filter(({ metric }) => metric === 'error');
}

function build(host: PanelHost): (scene: Scene) => void {
  const plate = createPlate(host.document, { keys: ZOOM_AND_PAN_KEYS, className: 'scan' });
  const zoom = mountZoom(host, plate, { pans: true });
  const read = append(host.root, 'div', 'read lines');
  return ({ view, palette, width }) => {
    const results = errorsOf(view);
    const places = results.flatMap(({ x }) => (x === null ? [] : [x]));
    const picture = markedCurve({
      results,
      marks: {
        verticals: [
          { x: 0.5, name: 'signs: ½' },
          { x: 1, name: 'exact: 1' },
        ],
        levels: [],
        points: [],
      },
      xAxis: axisOf([0, ...places], { zero: true }),
      yAxis: axisOf([0, 1], { zero: true }),
      xLabel: 'weights per label kd/m',
      yName: 'error',
      shown: zoom.axis,
      palette,
      width,
    });
    zoom.drew(picture.frames);
    const said = numbers(view);
    plate.show({ ...picture, sentence: `Error of the best fit falls as 1 − kd/m to 0 at kd = m. ${said.join('. ')}.` });
    setHtml(read, said.map((text) => `<span>${escapeText(text)}</span>`).join(''));
  };
}

function numbers({ diagnostics }: RunView): string[] {
  const separable = diagnostics['signs separable from kd/m on'];
  const gap = diagnostics['error minus 1 − rank/m'];
  const largest = diagnostics['largest error from kd = m on'];
  return [
    separable ? `Half of the draws are separable at kd/m = ${formatNumber(separable.value, 2)}` : '',
    gap ? `Error minus (1 − rank Φ/m): ${plusMinus(gap.value, gap.stderr ?? null)}` : '',
    largest ? `Largest error from kd = m on: ${formatNumber(largest.value, 2)}` : '',
  ].filter((text) => text !== '');
}
