import type { PanelEntry, PointView, Row, RunView, Selection } from '@ggdln/core';
import { calledRole, formatNumber } from '@ggdln/plot';
import { escapeText } from '../charts/svg.ts';
import { type ShownDiagnostic, shownDiagnostics } from './diagnosticNames.ts';
import { append, mountPanel, type PanelHost, type Scene, setHtml } from './mountPanel.ts';
import { groupOfPoint, pointsAt, shownX, sidesOf, specValue } from './run.ts';
import { capital, placeText, sentence } from './words.ts';

/** What solvers and samplers say about themselves, in plain words. */
export const solverPanel: PanelEntry = {
  title: 'Solver and sampler',
  summary: 'Residuals, steps, conditions and identities that say whether to trust the numbers.',
  span: 2,
  accepts: (view) => view.points.length > 0 || Object.keys(view.diagnostics).length > 0,
  describe(view, selection) {
    const backend = specValue(view, 'linalg');
    return sentence(
      placeText(view, shownX(view, selection)),
      typeof backend === 'string' && backend !== 'auto' && `float64, ${backend}`,
    );
  },
  table(view, selection) {
    return groupsOf(view, selection).flatMap(({ title, list }): Row[] =>
      list.map(({ name, value, stderr }) => ({ part: title, diagnostic: name, value, stderr })),
    );
  },
  mount: (element, context) => mountPanel(element, context, build),
};

function build({ root, redraw, listen }: PanelHost): (scene: Scene) => void {
  const box = append(root, 'div', 'solver');
  // What was opened stays open while numbers come in.
  const open = new Set<string>();
  listen(box, 'click', (event) => {
    const title = event.target instanceof HTMLElement ? event.target.closest('summary')?.dataset.title : undefined;
    if (title === undefined) return;
    event.preventDefault();
    if (!open.delete(title)) open.add(title);
    redraw();
  });
  return ({ view, selection }) => setHtml(box, listHtml(view, selection, open));
}

interface Group {
  readonly title: string;
  readonly list: readonly ShownDiagnostic[];
  readonly point?: PointView;
}

function groupsOf(view: RunView, selection: Selection): Group[] {
  const here = pointsAt(view, shownX(view, selection), () => true);
  const groups: Group[] = here.map((point) => ({
    title: sentence(`${capital(calledRole(point.role, view.roleNames))}: ${point.source}`, groupOfPoint(view, point)),
    list: shownDiagnostics(point.diagnostics),
    point,
  }));
  const own = shownDiagnostics(view.diagnostics);
  return [...groups.filter(({ list }) => list.length > 0), ...(own.length > 0 ? [{ title: 'Study', list: own }] : [])];
}

/** Theory and the sampler that is compared with it stand open; the others open at a press. */
function listHtml(view: RunView, selection: Selection, open: ReadonlySet<string>): string {
  const { theory, sampled } = sidesOf(view, selection);
  const parts = groupsOf(view, selection).map(({ title, list, point }) => {
    const progress =
      point && point.status === 'running'
        ? item('Done', `${formatNumber(point.step, 6)} of ${formatNumber(point.total, 6)}`, false)
        : '';
    const items = `<dl class="diagnostics">${progress}${list.map(({ name, text, off }) => item(name, text, off)).join('')}</dl>`;
    const name = escapeText(title);
    if (!point || point === theory || point === sampled) return `<h3>${name}</h3>${items}`;
    return `<details${open.has(title) ? ' open' : ''}><summary data-title="${name}">${name}</summary>${items}</details>`;
  });
  return parts.join('') + runHtml(view);
}

/** What holds for the run as a whole. */
function runHtml(view: RunView): string {
  const rows: string[] = [];
  const seed = specValue(view, 'seed');
  if (typeof seed === 'number') rows.push(item('Seed', String(seed), false));
  const done = view.points.filter(({ status }) => status === 'done').length;
  if (view.points.length > 0) rows.push(item('Points finished', `${done} of ${view.points.length}`, false));
  if (view.problem)
    rows.push(
      item(
        'Training and test inputs',
        `${formatNumber(view.problem.trainSize, 6)} and ${formatNumber(view.problem.testSize, 6)}`,
        false,
      ),
    );
  return rows.length === 0 ? '' : `<h3>Run</h3><dl class="diagnostics">${rows.join('')}</dl>`;
}

const item = (name: string, text: string, off: boolean): string =>
  `<dt>${escapeText(name)}</dt><dd${off ? ' class="off"' : ''}>${escapeText(text)}</dd>`;
