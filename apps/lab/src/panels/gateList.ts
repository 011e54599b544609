import type { Matrix, RunView } from '@ggdln/core';
import type { GateReport } from '@ggdln/gating';
import { formatFixed } from '@ggdln/plot';
import { drawHeat, type Heat, sequentialColor } from '../charts/heat.ts';
import type { Palette } from '../charts/palette.ts';
import { createPlate } from '../charts/plate.ts';
import { escapeText } from '../charts/svg.ts';
import { gateCoincidence, gateWeights, reportOf } from './gateModel.ts';
import { weightsHtml } from './images.ts';
import { append, type PanelHost, type Scene, setHtml } from './mountPanel.ts';
import { shortName } from './orderParameter.ts';

/** More gates than this are counted, not listed. */
const MOST_LISTED = 48;
const MOST_CROSSED = 32;

/** Each gate with its weights and open share, and how often two are open together. */
export function mountGateList(host: PanelHost): { show(scene: Scene, layer: number, onPlane: boolean): void } {
  const { root, context } = host;
  const list = append(root, 'div', 'gate-list');
  list.setAttribute('role', 'group');
  list.setAttribute('aria-label', 'Gates');
  host.listen(list, 'click', (event) => {
    const gate = event.target instanceof Element ? event.target.closest('button')?.dataset.gate : undefined;
    if (gate !== undefined) context.selection.set({ ...context.selection.get(), gates: [Number(gate)], pinned: true });
  });
  const crossing = mountCrossing(host);
  return {
    show(scene, layer, onPlane) {
      const report = reportOf(scene.view, layer);
      const gates = scene.view.problem?.trainGates[layer];
      if (!report || !gates) return;
      list.hidden = onPlane || report.gates.length > MOST_LISTED;
      if (!list.hidden) showList(list, listHtml(scene.view, layer, scene.palette), scene.selection.gates);
      const crossed = !onPlane && gates.cols > 1 && gates.cols <= MOST_CROSSED;
      crossing.show(scene, crossed ? { gates, report } : undefined);
    },
  };
}

/** A map of how often two gates are open together. */
function mountCrossing(host: PanelHost) {
  const { root, document, context } = host;
  const caption = append(root, 'div', 'small muted');
  caption.textContent = 'share of inputs at which two are open together';
  const plate = createPlate(document, { className: 'scan' });
  root.append(plate.element);
  const read = append(root, 'div', 'read');
  let heat: Heat | undefined;
  host.listen(plate.element, 'pointermove', (event) => {
    const cell = heat?.cellAt(plate.at(event));
    const selection = context.selection.get();
    const { pinned, gates } = selection;
    if (!cell || pinned || (gates?.[0] === cell[0] && gates[1] === cell[1])) return;
    context.selection.set({ ...selection, gates: cell, pinned: false });
  });
  return {
    /** @param layer What to cross; absent: nothing is shown. */
    show(
      { selection, palette, width }: Scene,
      layer: { readonly gates: Matrix; readonly report: GateReport } | undefined,
    ): void {
      for (const element of [caption, plate.element, read]) element.hidden = layer === undefined;
      if (!layer) return;
      const { gates, report } = layer;
      const matrix = gateCoincidence(gates);
      const all = report.gates.map(({ name }) => name);
      const names = gates.cols <= 12 ? all.map(shortName) : [];
      const marked = selection.gates?.every((gate) => gate < gates.cols) ? selection.gates : undefined;
      heat = drawHeat({
        matrix,
        color: sequentialColor(1, palette),
        names,
        width: Math.min(190, width),
        palette,
        marked,
      });
      const widest = report.gates.reduce((a, b) => (b.open > a.open ? b : a));
      const sentence = `How often ${gates.cols} gates are open together; ${widest.name} is open most, for ${share(widest.open)}.`;
      plate.show({ ...heat, sentence });
      setHtml(read, togetherHtml(all, matrix, marked));
    },
  };
}

/** How often two gates are open together, or one by itself. */
function togetherHtml(names: readonly string[], { data, cols }: Matrix, marked: readonly number[] = []): string {
  const [a = 0, b = a] = marked;
  const which = a === b ? `${names[a]} is open` : `${names[a]} and ${names[b]} are open together`;
  return `<span>${escapeText(which)} for <b>${share(data[a * cols + b])}</b> of the inputs</span>`;
}

const share = (value: number): string => `${formatFixed(100 * value, 0)} %`;

function listHtml(view: RunView, layer: number, palette: Palette): string {
  const { problem } = view;
  const report = reportOf(view, layer);
  if (!problem || !report) return '';
  const { image } = problem;
  const weights = image ? gateWeights(problem.gatingStates[layer], problem.trainX.cols, report.gates.length) : [];
  return report.gates
    .map(({ name, open }, m) => {
      const own = weights[m];
      const picture =
        own && image
          ? weightsHtml(own, image, palette.diverging, 34, '')
          : `<span class="gate-name" aria-hidden="true">${escapeText(shortName(name))}</span>`;
      return `<button type="button" data-gate="${m}">${picture}<span class="sr">${escapeText(name)}, open for</span><span>${share(open)}</span></button>`;
    })
    .join('');
}

/** The pictures stay; what is pressed changes. */
function showList(list: HTMLElement, html: string, selected: readonly number[] | undefined): void {
  setHtml(list, html);
  for (const button of list.querySelectorAll('button')) {
    button.setAttribute('aria-pressed', String(selected?.includes(Number(button.dataset.gate)) ?? false));
  }
}
