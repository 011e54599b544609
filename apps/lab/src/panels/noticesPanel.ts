import type { PanelEntry, RunView } from '@ggdln/core';
import { formatNumber } from '@ggdln/plot';
import { escapeText } from '../charts/svg.ts';
import { cureText, type OptionAt } from './cures.ts';
import { append, mountPanel, setHtml } from './mountPanel.ts';
import { failuresOf, toneOf } from './notes.ts';
import { counted } from './words.ts';

/** What is unfinished, and what parts warn of. It stands last: it comes while a run goes on, and nothing is to jump. */
export const warningsPanel: PanelEntry = {
  title: 'To know',
  summary: 'What is unfinished, and what the parts of the run warn of.',
  span: 6,
  accepts: (view) => view.warnings.length > 0 || view.status === 'stopped',
  table: (view) => warningsOf(view).map((warning) => ({ warning })),
  mount: (element, context) =>
    mountPanel(element, context, ({ root }) => {
      const list = append(root, 'div', 'note-list');
      return ({ view }) =>
        setHtml(
          list,
          warningsOf(view)
            .map((warning) => `<div class="note warn">${escapeText(warning)}</div>`)
            .join(''),
        );
    }),
};

/** What went wrong, with what to change. */
export const noticesPanel: PanelEntry = {
  title: 'What went wrong',
  summary: 'Points that failed, with what to change.',
  span: 6,
  accepts: (view) => view.points.some(({ status }) => status === 'failed'),
  table: (view) =>
    failuresOf(view).map(({ point }) => ({
      what: point.error?.problem ?? '',
      remedy: point.error?.remedy ?? '',
      source: point.source,
    })),
  mount: (element, context) =>
    mountPanel(element, context, ({ root, listen }) => {
      const list = append(root, 'div', 'note-list');
      listen(list, 'click', (event) => {
        const index = event.target instanceof HTMLElement ? event.target.closest('button')?.dataset.cure : undefined;
        const changes = index === undefined ? undefined : failuresOf(context.view.get())[Number(index)]?.changes;
        if (changes) context.edit(changes);
      });
      return ({ view }) => setHtml(list, listHtml(view, context.optionAt));
    }),
};

function listHtml(view: RunView, optionAt: OptionAt): string {
  const failures = failuresOf(view, optionAt).map((failure, i) => {
    const cure = failure.changes
      ? `<button type="button" class="btn" data-cure="${i}">${escapeText(cureText(failure.changes, optionAt))}</button>`
      : '';
    return `<div class="note ${toneOf(failure)}">${failure.html}${cure}</div>`;
  });
  return failures.join('');
}

function warningsOf(view: RunView): readonly string[] {
  return view.status === 'stopped' ? [stoppedText(view), ...view.warnings] : view.warnings;
}

function stoppedText(view: RunView): string {
  const unfinished = view.points.filter(({ status, total }) => status !== 'done' && total > 0);
  const [first] = unfinished.sort((a, b) => b.step / b.total - a.step / a.total);
  const at = first ? ` at ${formatNumber(first.step, 6)} of ${formatNumber(first.total, 6)}` : '';
  return `Stopped${at}${unfinished.length > 1 ? `; ${counted(unfinished.length, 'point')} unfinished` : ''}. What is there stays.`;
}
