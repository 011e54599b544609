import type { PanelEntry, Row, RunView } from '@ggdln/core';
import { escapeText } from '../charts/svg.ts';
import { append, mountPanel, type PanelHost, type Scene, setHtml } from './mountPanel.ts';
import { capital, withErrorHtml } from './words.ts';

/** The single numbers of a study: limits, transition points, identities that should vanish. */
export const studyNumbers: PanelEntry = {
  title: 'Numbers',
  summary: 'Limits, transition points and residuals of the study, with standard errors where there are any.',
  span: 2,
  accepts: (view) => view.study !== undefined && Object.keys(view.diagnostics).length > 0,
  describe: () => 'Value, standard error in its last digits',
  table: (view) => rowsOf(view),
  mount: (element, context) => mountPanel(element, context, build),
};

const rowsOf = ({ diagnostics }: RunView): Row[] =>
  Object.entries(diagnostics).map(([number, { value, stderr = null }]) => ({ number, value, stderr }));

function build(host: PanelHost): (scene: Scene) => void {
  const table = append(host.root, 'table', 'words');
  const body = append(table, 'tbody');
  return ({ view }) => {
    const rows = Object.entries(view.diagnostics).map(([name, { value, stderr = null }]) => {
      return `<tr><th scope="row">${escapeText(capital(name))}</th><td class="num">${withErrorHtml(value, stderr)}</td></tr>`;
    });
    setHtml(body, rows.join(''));
  };
}
