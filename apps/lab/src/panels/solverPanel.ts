import type { PanelEntry, PointView, Row, RunView, Selection } from '@ggdln/core';
import { formatNumber, roleStyles } from '@ggdln/plot';
import { escapeText } from '../charts/svg.ts';
import { type ShownDiagnostic, shownDiagnostics } from './diagnosticNames.ts';
import { append, mountPanel, setHtml } from './mountPanel.ts';
import { pointsAt, shownX, specValue } from './run.ts';
import { placeText, sentence } from './words.ts';

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
  mount: (element, context) =>
    mountPanel(element, context, ({ root }) => {
      const list = append(root, 'dl', 'diagnostics');
      return ({ view, selection }) => setHtml(list, listHtml(view, selection));
    }),
};

interface Group {
  readonly title: string;
  readonly list: readonly ShownDiagnostic[];
  readonly point?: PointView;
}

function groupsOf(view: RunView, selection: Selection): Group[] {
  const here = pointsAt(view, shownX(view, selection), () => true);
  const groups: Group[] = here.map((point) => ({
    title: `${roleStyles[point.role].legend.replace(' ± 1 s.e.', '')}: ${point.source}`,
    list: shownDiagnostics(point.diagnostics),
    point,
  }));
  const own = shownDiagnostics(view.diagnostics);
  return [...groups.filter(({ list }) => list.length > 0), ...(own.length > 0 ? [{ title: 'Study', list: own }] : [])];
}

function listHtml(view: RunView, selection: Selection): string {
  const parts = groupsOf(view, selection).map(({ title, list, point }) => {
    const progress =
      point && point.status === 'running'
        ? item('Done', `${formatNumber(point.step, 6)} of ${formatNumber(point.total, 6)}`, false)
        : '';
    return `<div class="group">${escapeText(title)}</div>${progress}${list.map(({ name, text, off }) => item(name, text, off)).join('')}`;
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
  return rows.length === 0 ? '' : `<div class="group">Run</div>${rows.join('')}`;
}

const item = (name: string, text: string, off: boolean): string =>
  `<dt>${escapeText(name)}</dt><dd${off ? ' class="off"' : ''}>${escapeText(text)}</dd>`;
