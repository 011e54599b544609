import type { PanelEntry, PointView, RunView } from '@ggdln/core';
import { calledRole, formatNumber, roleStyles } from '@ggdln/plot';
import { createPlate } from '../charts/plate.ts';
import { createGrowth } from '../charts/scales.ts';
import { escapeText } from '../charts/svg.ts';
import { append, mountPanel, type PanelHost, type Scene, setHtml } from './mountPanel.ts';
import { groupOfPoint, shownX, stepName } from './run.ts';
import { learnersOf, type Running, runningOf } from './running.ts';
import { runningPicture } from './runningPicture.ts';
import { capital, placeText, sentence } from './words.ts';
import { mountZoom, ZOOM_AND_PAN_KEYS } from './zoomControl.ts';

/** How an estimate settles while the learner runs, or how training goes. */
export const runningPanel: PanelEntry = {
  title: 'Estimate while running',
  summary: 'A metric over the course of the run, with its band and what theory says.',
  equation: 'ggdln/8',
  span: 2,
  accepts: (view) => view.points.some(({ role }) => role !== 'theory' && role !== 'infinite-width'),
  heading(view, selection) {
    const [point] = learnersOf(view, selection);
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
    return learnersOf(view, selection).flatMap((point) =>
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
  const plate = createPlate(document, { keys: ZOOM_AND_PAN_KEYS, className: 'scan' });
  const growth = createGrowth();
  const zoom = mountZoom(host, plate, { pans: true, onFit: growth.reset });
  const read = append(root, 'div', 'read');
  const chosen: { metric?: string; point?: string } = {};
  host.listen(tabs, 'click', (event) => {
    const pressed = event.target instanceof HTMLElement ? event.target.closest('button')?.dataset : undefined;
    if (pressed?.metric !== undefined) chosen.metric = pressed.metric;
    if (pressed?.point !== undefined) chosen.point = pressed.point;
    host.redraw();
  });
  return ({ view, selection, palette, width }) => {
    const learners = learnersOf(view, selection);
    const point = learners.find((one) => learnerKey(view, one) === chosen.point) ?? learners[0];
    const metrics = point ? metricsOf(view, point) : [];
    const metric = chosen.metric !== undefined && metrics.includes(chosen.metric) ? chosen.metric : metrics[0];
    const running = point && metric !== undefined ? runningOf(view, selection, point, metric) : undefined;
    setHtml(tabs, running ? tabsHtml(view, { learners, metrics, point, metric }) : '');
    plate.element.hidden = running === undefined;
    if (!running) {
      setHtml(read, '<span class="muted">Nothing is simulated at this place.</span>');
      return;
    }
    // Every doubling of the steps may fit the scale anew: what narrows is the point.
    const doubling = Math.floor(Math.log2(Math.max(1, running.point.step)));
    growth.begin([running.point.id, running.metric, doubling, view.status === 'done'].join());
    zoom.begin(`${view.title} ${running.metric} ${running.point.source}`);
    const picture = runningPicture(running, palette, width, (values) => growth.hold('y', values), zoom.axis);
    zoom.drew(picture.frames);
    plate.show(picture);
    setHtml(read, running.values.length > 0 ? readOut(running) : waitingText(view));
  };
}

function waitingText({ status }: RunView): string {
  const text = status === 'empty' ? 'Run it to see it settle.' : 'The first estimate is on its way.';
  return `<span class="muted">${text}</span>`;
}

/** Those of the view first, then whatever else the learner told. */
function metricsOf(view: RunView, { history }: PointView): string[] {
  const all = view.metrics.map(({ metric }) => metric);
  const own = Object.keys(history.values).filter((name) => history.values[name].some((value) => value !== null));
  if (own.length === 0) return all;
  const named = all.filter((metric) => history.values[metric]?.some((value) => value !== null && value !== 0));
  return [...named, ...own.filter((metric) => !all.includes(metric))];
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

/** What stays chosen when the place on the axis changes. */
const learnerKey = (view: RunView, point: PointView): string => `${point.source}\n${groupOfPoint(view, point)}`;

/** By what learners differ: their source, their series, or both. */
function learnerName(view: RunView, point: PointView, all: readonly PointView[]): string {
  const group = groupOfPoint(view, point);
  const label = calledRole(point.role, view.roleNames);
  if (group === '') return label;
  return all.every(({ source }) => source === point.source) ? group : `${label}, ${group}`;
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
    (point) =>
      `<button type="button" data-point="${escapeText(learnerKey(view, point))}" aria-pressed="${point === shown.point}">${escapeText(learnerName(view, point, shown.learners))}</button>`,
  );
  const group = (name: string, buttons: readonly string[]) =>
    buttons.length > 1 ? `<div class="seg" role="group" aria-label="${name}">${buttons.join('')}</div>` : '';
  return group('Quantity', metrics) + group('Learner', sources);
}
