import type { PanelEntry, Row, RunView } from '@ggdln/core';
import { calledRole, formatFixed, formatNumber } from '@ggdln/plot';
import { escapeText } from '../charts/svg.ts';
import {
  type Agreement,
  type AgreementRow,
  agreementOf,
  comparableMetrics,
  largestZ,
  worstPercent,
} from './agreement.ts';
import { append, mountPanel, type PanelHost, type Scene, setHtml } from './mountPanel.ts';
import { placesOf, resultsOf, shownX, symbolOf } from './run.ts';
import { verdictOf } from './verdict.ts';
import { capital, decimalsFor, percent, placeHtml, signed, signedPercent, symbolHtml, withErrorHtml } from './words.ts';

/** Theory and simulation beside each other in numbers, and what they say. */
export const agreementPanel: PanelEntry = {
  title: 'Agreement',
  summary: 'Theory and simulation in numbers, row by row, and what they say.',
  span: 2,
  accepts: (view) => comparableMetrics(view).length > 0 || mayCompare(view),
  describe(view) {
    const metric = comparableMetrics(view)[0];
    const agreement = metric === undefined ? undefined : agreementOf(view, metric);
    return agreement ? `${sourceWords(view, agreement)} against theory` : 'Theory against simulation';
  },
  table(view) {
    return comparableMetrics(view).flatMap((metric) => {
      const agreement = agreementOf(view, metric);
      return agreement ? agreement.rows.map((row) => tableRow(row, metric, view)) : [];
    });
  },
  mount: (element, context) => mountPanel(element, context, build),
};

/** Theory waits for simulation: the table keeps its place until the run is over. */
const mayCompare = ({ status, axis, points }: RunView): boolean =>
  axis !== undefined && points.length > 0 && (status === 'empty' || status === 'running' || status === 'paused');

/** `Exact sampling`; studies name their own sources in words. */
function sourceWords(view: RunView, { source, role }: Agreement): string {
  return capital(view.study === undefined ? calledRole(role, view.roleNames) : source);
}

function tableRow(row: AgreementRow, metric: string, view: RunView): Row {
  return {
    metric,
    [view.axis?.column ?? 'x']: row.x,
    ...(row.group === null ? {} : { [view.groupBy ?? 'group']: row.group }),
    theory: row.theory,
    sampled: row.sampled,
    stderr: row.stderr,
    difference: row.difference,
    percent: row.percent,
    z: row.z,
  };
}

function build({ root, context, listen, redraw }: PanelHost): (scene: Scene) => void {
  const head = append(root, 'div', 'agreement-head');
  const table = append(root, 'div', 'agreement-table');
  const stats = append(root, 'div', 'stats');
  const verdict = append(root, 'div', 'panel-verdict');
  let metric: string | undefined;
  let shownAt: number | undefined;
  listen(head, 'click', (event) => {
    const pressed = event.target instanceof HTMLElement ? event.target.closest('button')?.dataset.metric : undefined;
    if (pressed === undefined) return;
    metric = pressed;
    redraw();
  });
  listen(table, 'click', (event) => {
    const x = event.target instanceof HTMLElement ? event.target.closest('tr')?.dataset.x : undefined;
    if (x === undefined) return;
    context.selection.set({ ...context.selection.get(), x: Number(x) });
  });
  return ({ view, selection }) => {
    const metrics = comparableMetrics(view);
    const shown = metric !== undefined && metrics.includes(metric) ? metric : metrics[0];
    const agreement = shown === undefined ? undefined : agreementOf(view, shown);
    setHtml(head, metrics.length > 1 ? switchHtml(view, metrics, shown) : '');
    if (!agreement) {
      setHtml(table, theoryHtml(view));
      setHtml(stats, '');
      setHtml(verdict, '');
      root.dataset.agreementStatus = view.status;
      return;
    }
    const x = shownX(view, selection);
    keepFocus(table, () => setHtml(table, tableHtml(agreement, view, x)));
    setHtml(stats, statsHtml(agreement, view, x));
    setHtml(verdict, verdictHtml(agreement, view));
    reveal(table, shownAt, x);
    shownAt = x;
    tell(root, agreement, view.status);
  };
}

/** The result for other programs: what a test reads from the page. */
function tell({ dataset }: HTMLElement, agreement: Agreement, status: RunView['status']): void {
  dataset.agreementStatus = status;
  dataset.agreementMetric = agreement.metric;
  dataset.agreementSource = agreement.source;
  dataset.agreementPercent = String(worstPercent(agreement)?.percent ?? '');
  dataset.agreementZ = String(largestZ(agreement) ?? '');
}

/** A row that is newly chosen, here or elsewhere, is scrolled into the table's own view. */
function reveal(table: HTMLElement, before: number | undefined, x: number | undefined): void {
  const row = x === before ? undefined : table.querySelector<HTMLElement>('tr.on');
  if (!row) return;
  const [top, bottom] = [row.offsetTop - row.offsetHeight, row.offsetTop + row.offsetHeight];
  if (top < table.scrollTop) table.scrollTop = top;
  else if (bottom > table.scrollTop + table.clientHeight) table.scrollTop = bottom - table.clientHeight;
}

/** A press replaces the table under the button; the same button has the focus afterwards. */
function keepFocus(table: HTMLElement, change: () => void): void {
  const active = table.ownerDocument.activeElement;
  const x = active && table.contains(active) ? active.closest('tr')?.dataset.x : undefined;
  change();
  if (x !== undefined) table.querySelector<HTMLElement>(`tr[data-x="${CSS.escape(x)}"] button`)?.focus();
}

function switchHtml(view: RunView, metrics: readonly string[], shown: string | undefined): string {
  const buttons = metrics.map((metric) => {
    const title = view.metrics.find((one) => one.metric === metric)?.title ?? metric;
    return `<button type="button" data-metric="${escapeText(metric)}" aria-pressed="${metric === shown}">${escapeText(title)}</button>`;
  });
  return `<div class="seg" role="group" aria-label="Quantity">${buttons.join('')}</div>`;
}

function tableHtml({ rows, samples }: Agreement, view: RunView, x: number | undefined): string {
  const groups = new Set(rows.map(({ group }) => group)).size > 1;
  const symbol = view.axis ? symbolOf(view.axis) : 'x';
  const head = [
    `<th scope="col">${symbolCell(symbol)}</th>`,
    `<th scope="col">theory</th><th scope="col">${samples ? 'sampled' : 'simulated'}</th>`,
    `<th scope="col">diff.</th><th scope="col">${symbolHtml('z')}</th>`,
  ];
  const body = rows.map((row, i) => {
    const first = groups && row.group !== rows[i - 1]?.group;
    const title = `<tr class="agreement-group"><th scope="rowgroup" colspan="5">${escapeText(row.group ?? '')}</th></tr>`;
    return (first ? title : '') + rowHtml(row, row.x === x);
  });
  return `<table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

const symbolCell = (symbol: string): string => (symbol.length <= 2 ? symbolHtml(symbol) : escapeText(symbol));

/** Theory by itself, until there is something to compare it with. */
function theoryHtml(view: RunView): string {
  const metric = view.metrics[0]?.metric;
  const theory = resultsOf(view).filter((result) => result.role === 'theory' && result.metric === metric);
  const places = placesOf(view).slice(0, 12);
  const symbol = view.axis ? symbolOf(view.axis) : 'x';
  // As many decimals as the smallest needs, so that they stand in line.
  const sizes = theory.map(({ value }) => Math.abs(value)).filter((size) => size > 0);
  const decimals = Math.max(0, 3 - Math.floor(Math.log10(Math.min(...sizes))));
  const body = places.map((x) => {
    const value = theory.find((result) => result.x === x)?.value;
    const shown = value === undefined ? '–' : decimals > 6 ? formatNumber(value) : formatFixed(value, decimals);
    return `<tr><td>${formatNumber(x)}</td><td>${shown}</td><td>–</td><td>–</td><td>–</td></tr>`;
  });
  const head = ['theory', 'sampled', 'diff.', 'z'].map((name) => `<th scope="col">${name}</th>`).join('');
  const table = `<table><thead><tr><th scope="col">${symbolCell(symbol)}</th>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
  return `${table}<p class="read muted">Nothing to compare yet.</p>`;
}

function rowHtml(row: AgreementRow, on: boolean): string {
  const theory = row.stderr === null ? formatNumber(row.theory) : formatFixed(row.theory, decimalsFor(row.stderr));
  const data = `data-x="${row.x}" data-percent="${row.percent ?? ''}" data-z="${row.z ?? ''}"`;
  const cells = [
    `<td><button type="button" aria-pressed="${on}" aria-label="Highlight ${formatNumber(row.x)}">${formatNumber(row.x)}</button></td>`,
    `<td>${theory}</td><td>${withErrorHtml(row.sampled, row.stderr)}</td>`,
    `<td>${row.percent === null ? '–' : signedPercent(row.percent)}</td>`,
    `<td>${row.z === null ? '–' : signed(row.z, 1)}</td>`,
  ];
  const classes = [on ? 'on' : '', row.provisional ? 'unsettled' : ''].filter((name) => name !== '').join(' ');
  return `<tr ${data}${classes === '' ? '' : ` class="${classes}"`}>${cells.join('')}</tr>`;
}

function statsHtml({ rows, samples }: Agreement, view: RunView, x: number | undefined): string {
  const row = rows.find((one) => one.x === x) ?? rows[0];
  const parts: string[] = [];
  const at = `at ${placeHtml(view, row.x)}`;
  if (row.percent !== null) {
    parts.push(
      `<b>${percent(Math.abs(row.percent))}</b><span>theory against ${samples ? 'sampling' : 'simulation'} ${at}</span>`,
    );
  }
  if (row.ratio !== null && row.ratio > 1.05) {
    const times = row.ratio < 10 ? formatFixed(row.ratio, 1) : formatNumber(Math.min(row.ratio, 999), 2);
    parts.push(`<b>${row.ratio > 999 ? '> ' : ''}${times} ×</b><span>closer than infinite width</span>`);
  }
  return parts.map((part) => `<div>${part}</div>`).join('');
}

const ICONS = {
  ok: '<circle cx="9" cy="9" r="7.2"/><path d="M5.8 9.2l2.2 2.2 4.2-4.7"/>',
  warn: '<path d="M9 2.2l7 13H2z"/><path d="M9 7v3.6M9 12.6v.6"/>',
  plain: '<circle cx="9" cy="9" r="7.2"/><path d="M9 8.4v4M9 5.6v.6"/>',
};

function verdictHtml(agreement: Agreement, view: RunView): string {
  const { tone, lead, rest } = verdictOf(agreement, view);
  const icon = `<svg viewBox="0 0 18 18" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${ICONS[tone]}</svg>`;
  return `<div class="verdict ${tone}">${icon}<span><b>${escapeText(lead)}</b> ${escapeText(rest)}</span></div>`;
}
