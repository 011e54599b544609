import type { PanelEntry, PointView, RunView } from '@ggdln/core';
import { formatNumber, roleStyles } from '@ggdln/plot';
import { drawFrame, tickMargin } from '../charts/frame.ts';
import { errorBar, lineMark, roleMark } from '../charts/marks.ts';
import { faint, type Palette, roleColor } from '../charts/palette.ts';
import { createPlate } from '../charts/plate.ts';
import { axisOf, createGrowth } from '../charts/scales.ts';
import { escapeText, label, pathThrough, px, type Svg, tag } from '../charts/svg.ts';
import { append, mountPanel, type PanelHost, type Scene, setHtml } from './mountPanel.ts';
import { emptyNote } from './notes.ts';
import { shownX, stepName } from './run.ts';
import { learnersWithHistory, type Running, runningExtent, runningOf } from './running.ts';
import { capital, placeText, plusMinus, sentence } from './words.ts';

/** How an estimate settles while the learner runs, or how training goes. */
export const runningPanel: PanelEntry = {
  title: 'Estimate while running',
  summary: 'A metric over the course of the run, with its band and what theory says.',
  equation: 'ggdln/8',
  span: 2,
  accepts: (view) => view.points.some(({ role }) => role !== 'theory' && role !== 'infinite-width'),
  heading(view, selection) {
    const [point] = learnersWithHistory(view, selection);
    const word =
      point === undefined
        ? 'running'
        : roleStyles[point.role].mark === 'diamond'
          ? 'training'
          : point.role === 'online'
            ? 'learning'
            : 'sampling';
    return view.metrics.length === 1 ? `${capital(view.metrics[0].title)} while ${word}` : `Estimates while ${word}`;
  },
  describe: (view, selection) => sentence(placeText(view, shownX(view, selection)), 'running estimate and ± 2 s.e.'),
  table(view, selection) {
    return learnersWithHistory(view, selection).flatMap((point) =>
      Object.keys(point.history.values).flatMap((metric) => {
        const running = runningOf(view, selection, point, metric);
        const { source } = point;
        return running
          ? running.steps.map((step, i) => ({
              source,
              metric,
              step,
              value: running.values[i],
              stderr: running.stderrs[i] || null,
            }))
          : [];
      }),
    );
  },
  mount: (element, context) => mountPanel(element, context, build),
};

function build(host: PanelHost): (scene: Scene) => void {
  const { root, document } = host;
  const tabs = append(root, 'div', 'panel-tabs');
  const plate = createPlate(document);
  root.append(plate.element);
  const read = append(root, 'div', 'read');
  const growth = createGrowth();
  const chosen: { metric?: string; source?: string } = {};
  host.listen(tabs, 'click', (event) => {
    const pressed = event.target instanceof HTMLElement ? event.target.closest('button')?.dataset : undefined;
    if (pressed?.metric !== undefined) chosen.metric = pressed.metric;
    if (pressed?.source !== undefined) chosen.source = pressed.source;
    host.redraw();
  });
  return ({ view, selection, palette, width }) => {
    const learners = learnersWithHistory(view, selection);
    const point = learners.find(({ source }) => source === chosen.source) ?? learners[0];
    const metrics = point ? metricsOf(view, point) : [];
    const metric = chosen.metric !== undefined && metrics.includes(chosen.metric) ? chosen.metric : metrics[0];
    const running = point && metric !== undefined ? runningOf(view, selection, point, metric) : undefined;
    setHtml(tabs, running ? tabsHtml(view, { learners, metrics, point, metric }) : '');
    plate.element.hidden = running === undefined || running.values.length === 0;
    if (!running || running.values.length === 0) {
      setHtml(
        read,
        view.status === 'running' ? '<span class="muted">The first estimate is on its way.</span>' : emptyNote(view),
      );
      return;
    }
    // Every doubling of the steps may fit the scale anew: what narrows is the point.
    const doubling = Math.floor(Math.log2(Math.max(1, running.point.step)));
    growth.begin([running.point.id, running.metric, doubling, view.status === 'done'].join());
    plate.show(runningPicture(running, palette, width, (values) => growth.hold('y', values)));
    setHtml(read, readOut(running));
  };
}

/** Those of the view first, then whatever else the learner told. */
function metricsOf(view: RunView, point: PointView): string[] {
  const own = Object.keys(point.history.values).filter((name) =>
    point.history.values[name].some((value) => value !== null),
  );
  const named = view.metrics.map(({ metric }) => metric).filter((metric) => own.includes(metric));
  const useful = named.filter((metric) => point.history.values[metric].some((value) => value !== null && value !== 0));
  return [...useful, ...own.filter((metric) => !named.includes(metric))];
}

const TOP = 10;
const HEIGHT = 236;

function runningPicture(
  running: Running,
  palette: Palette,
  width: number,
  hold: (values: readonly number[]) => readonly number[],
) {
  const { steps, values, stderrs, theory, point } = running;
  const positive = steps.filter((step) => step > 0);
  const log = !running.samples && positive.length > 3 && positive[positive.length - 1] / positive[0] > 50;
  const xAxis = axisOf(log ? [...positive, point.total] : [0, point.total], {
    scale: log ? 'log' : 'linear',
    maxTicks: 5,
  });
  const xDomain = log ? xAxis : { ...xAxis, domain: [0, Math.max(1, point.total)] as const };
  const yAxis = axisOf(hold(runningExtent(running)), { zero: false });
  const margin = tickMargin([yAxis]);
  const box = { x: margin, y: TOP, width: width - margin - 12, height: HEIGHT };
  const frame = drawFrame({ box, xAxis: xDomain, yAxis, palette, xLabel: `${stepName(point.role)}s` });
  const color = roleColor(point.role, palette);
  const cut = (value: number) => Math.min(box.y + box.height, Math.max(box.y, frame.y(value)));
  const shown = steps.flatMap((step, i) => (log && step <= 0 ? [] : [i]));
  const at = (value: (i: number) => number) => shown.map((i) => [frame.x(steps[i]), cut(value(i))] as const);
  const last = shown[shown.length - 1] ?? 0;
  const parts: Svg[] = [frame.svg];
  if (shown.some((i) => stderrs[i] > 0)) {
    const band = [...at((i) => values[i] + 2 * stderrs[i]), ...at((i) => values[i] - 2 * stderrs[i]).reverse()];
    parts.push(tag('path', { d: `${pathThrough(band)}Z`, fill: faint(color, 0.18) }));
  }
  parts.push(
    lineMark(
      at((i) => values[i]),
      { color, width: 1.75 },
    ),
  );
  if (theory !== undefined) {
    parts.push(
      lineMark(
        [
          [box.x, cut(theory)],
          [box.x + box.width, cut(theory)],
        ],
        { color: palette.theory },
      ),
    );
  }
  const [x, y] = [frame.x(Math.max(steps[last], xDomain.domain[0])), cut(values[last])];
  parts.push(
    tag('path', {
      d: `M${px(x)} ${TOP}V${TOP + HEIGHT}`,
      stroke: palette.text,
      'stroke-width': 1,
      'stroke-dasharray': '2 2',
    }),
  );
  if (stderrs[last] > 0)
    parts.push(errorBar(x, cut(values[last] - stderrs[last]), cut(values[last] + stderrs[last]), color));
  parts.push(roleMark(point.role, x, y, { palette, hollow: point.provisional }));
  parts.push(names(running, { x, y, box, theoryAt: theory === undefined ? undefined : cut(theory) }, palette));
  return { width, height: TOP + HEIGHT + 42, svg: parts.join(''), sentence: describe(running, last) };
}

/** The two numbers, on the side where there is room: theory beside its line, the estimate away from it. */
function names(
  running: Running,
  at: {
    x: number;
    y: number;
    box: { x: number; y: number; width: number; height: number };
    theoryAt: number | undefined;
  },
  palette: Palette,
): Svg {
  const { point, values, stderrs, theory } = running;
  const { box, theoryAt } = at;
  const last = values.length - 1;
  const color = roleColor(point.role, palette);
  const below = theoryAt === undefined || at.y >= theoryAt;
  const parts: Svg[] = [];
  const halo = { halo: palette.surface, weight: 600 };
  if (theory !== undefined && theoryAt !== undefined) {
    const y = below ? Math.max(box.y + 10, theoryAt - 8) : Math.min(box.y + box.height - 6, theoryAt + 17);
    parts.push(
      label(box.x + box.width, y, `theory ${formatNumber(theory)}`, { fill: palette.theory, anchor: 'end', ...halo }),
    );
  }
  const left = at.x > box.x + 0.55 * box.width;
  const word = running.samples ? 'sampled' : 'trained';
  const y = below ? box.y + box.height - 14 : box.y + 14;
  const text = `${word} ${plusMinus(values[last], stderrs[last] || null)}`;
  parts.push(label(at.x + (left ? -10 : 10), y, text, { fill: color, anchor: left ? 'end' : 'start', ...halo }));
  return parts.join('');
}

function describe({ metric, values, stderrs, theory, point, steps }: Running, last: number): string {
  const beside = theory === undefined ? '' : `; theory is ${formatNumber(theory)}`;
  return `${capital(metric)} after ${formatNumber(steps[last], 6)} ${stepName(point.role)}s: ${plusMinus(values[last], stderrs[last] || null)}${beside}.`;
}

function readOut({ point }: Running): string {
  const { rhat, essMin } = point.diagnostics;
  const parts = [
    `<span>${stepName(point.role)} ${formatNumber(point.step, 6)} of ${formatNumber(point.total, 6)}</span>`,
  ];
  if (typeof rhat?.value === 'number') parts.push(`<span>R̂ <b>${formatNumber(rhat.value, 4)}</b></span>`);
  if (typeof essMin?.value === 'number')
    parts.push(`<span>effective samples <b>${formatNumber(Math.round(essMin.value), 6)}</b></span>`);
  if (point.provisional) parts.push('<span class="muted">provisional: too few batches</span>');
  return parts.join('');
}

function tabsHtml(
  view: RunView,
  shown: {
    learners: readonly PointView[];
    metrics: readonly string[];
    point: PointView | undefined;
    metric: string | undefined;
  },
): string {
  const title = (metric: string) => view.metrics.find((one) => one.metric === metric)?.title ?? capital(metric);
  const metrics = shown.metrics.map(
    (metric) =>
      `<button type="button" data-metric="${escapeText(metric)}" aria-pressed="${metric === shown.metric}">${escapeText(title(metric))}</button>`,
  );
  const sources = shown.learners.map(
    ({ source, role }) =>
      `<button type="button" data-source="${escapeText(source)}" aria-pressed="${source === shown.point?.source}">${escapeText(roleStyles[role].label)}</button>`,
  );
  const group = (name: string, buttons: readonly string[]) =>
    buttons.length > 1 ? `<div class="seg" role="group" aria-label="${name}">${buttons.join('')}</div>` : '';
  return group('Quantity', metrics) + group('Learner', sources);
}
