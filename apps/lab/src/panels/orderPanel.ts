import type { PanelEntry, Row } from '@ggdln/core';
import { formatNumber, roleStyles } from '@ggdln/plot';
import { divergingColor, drawHeat, gradientOf, type Heat, roundLimit } from '../charts/heat.ts';
import { roleColor } from '../charts/palette.ts';
import { createPlate, type Plate } from '../charts/plate.ts';
import { escapeText } from '../charts/svg.ts';
import { eigenStrip } from './eigenStrip.ts';
import { append, mountPanel, type PanelHost, type Scene, setHtml } from './mountPanel.ts';
import { type LayerOrder, layerOrder, layersOf } from './orderParameter.ts';
import { shownX } from './run.ts';
import { placeText, plusMinus, sentence, signed } from './words.ts';

/** The order parameter of each layer, theory beside simulation, on one scale. */
export const orderPanel: PanelEntry = {
  title: 'Order parameter U / σ² − I',
  summary: 'What a network of finite width learns: the matrix U of each layer, theory beside simulation.',
  equation: 'ggdln/2',
  span: 2,
  accepts: (view) => view.points.some(({ arrays }) => 'U1' in arrays && arrays.U1.rows > 1),
  describe: (view, selection) =>
    sentence(placeText(view, shownX(view, selection)), 'zero everywhere at infinite width'),
  table(view, selection) {
    return layersOf(view).flatMap((name) => tableRows(layerOrder(view, selection, name)));
  },
  mount: (element, context) => mountPanel(element, context, build),
};

function tableRows({ name, names, theory, sampled, stderr }: LayerOrder): Row[] {
  const size = theory?.rows ?? sampled?.rows ?? 0;
  const rows: Row[] = [];
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const at = i * size + j;
      const numbers = {
        theory: theory?.data[at] ?? null,
        sampled: sampled?.data[at] ?? null,
        stderr: stderr?.data[at] ?? null,
      };
      rows.push({ matrix: name, row: names[i], column: names[j], ...numbers });
    }
  }
  return rows;
}

const SIDES = ['theory', 'sampled'] as const;

function build(host: PanelHost): (scene: Scene) => void {
  const { root, document } = host;
  const tabs = append(root, 'div', 'panel-tabs');
  const pair = append(root, 'div', 'heat-pair');
  const bar = append(root, 'div', 'color-bar');
  const read = append(root, 'div', 'read lines');
  const strip = createPlate(document);
  root.append(strip.element);
  const sides = SIDES.map((side) => {
    const box = append(pair, 'div');
    const caption = append(box, 'div', 'heat-caption');
    const plate = createPlate(document, { keys: 'Arrow keys move the cell, Enter keeps it', className: 'scan' });
    box.append(plate.element);
    return { side, box, caption, plate, heat: undefined as Heat | undefined };
  });
  let chosen: string | undefined;
  host.listen(tabs, 'click', (event) => {
    const name = event.target instanceof HTMLElement ? event.target.closest('button')?.dataset.layer : undefined;
    if (name === undefined) return;
    chosen = name;
    host.redraw();
  });
  for (const one of sides) listenToCells(host, one.plate, () => one.heat);

  return ({ view, selection, palette }) => {
    const names = layersOf(view);
    const name = chosen !== undefined && names.includes(chosen) ? chosen : names[0];
    setHtml(tabs, names.length > 1 ? tabsHtml(names, name) : '');
    if (name === undefined) return;
    const order = layerOrder(view, selection, name);
    const all = [...(order.theory?.data ?? []), ...(order.sampled?.data ?? [])];
    const limit = roundLimit(all.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
    const marked = cellOf(order, selection.gates);
    for (const one of sides) {
      const matrix = order[one.side];
      one.box.hidden = matrix === undefined;
      const role = one.side === 'theory' ? 'theory' : (order.source?.role ?? 'exact-sampling');
      setHtml(one.caption, escapeText(one.side === 'theory' ? 'Theory' : captionOf(role)));
      one.caption.style.color = roleColor(role, palette);
      if (!matrix) continue;
      const width = Math.min(240, one.plate.element.clientWidth || 150);
      const labelled = matrix.rows <= 12 ? order.shortNames : [];
      one.heat = drawHeat({ matrix, color: divergingColor(limit, palette), names: labelled, width, palette, marked });
      one.plate.element.dataset.size = String(matrix.rows);
      one.plate.show({ ...one.heat, sentence: describe(order, one.side) });
    }
    const ends = `<span>${signed(-limit, 1 + decimals(limit))}</span><i style="background:${gradientOf(palette.diverging)}"></i><span>${signed(limit, 1 + decimals(limit))}</span>`;
    setHtml(bar, ends);
    setHtml(read, readOut(order, marked ?? [0, 0]));
    const picture = eigenStrip(order, palette, root.clientWidth || 300);
    strip.element.hidden = picture === undefined;
    if (picture) strip.show(picture);
  };
}

const decimals = (limit: number): number => (limit < 0.1 ? 1 : 0) + (limit < 0.01 ? 1 : 0);
const captionOf = (role: keyof typeof roleStyles): string =>
  role === 'exact-sampling' ? 'Sampled' : roleStyles[role].legend.replace(' ± 1 s.e.', '');

function listenToCells(host: PanelHost, plate: Plate, heat: () => Heat | undefined): void {
  const { context } = host;
  const put = (gates: readonly number[], pinned: boolean) =>
    context.selection.set({ ...context.selection.get(), gates, pinned });
  host.listen(plate.element, 'pointermove', (event) => {
    const cell = heat()?.cellAt(plate.at(event));
    const { pinned, gates } = context.selection.get();
    if (!cell || pinned || (gates?.[0] === cell[0] && gates[1] === cell[1])) return;
    put(cell, false);
  });
  host.listen(plate.element, 'click', (event) => {
    const cell = heat()?.cellAt(plate.at(event));
    if (cell) put(cell, true);
  });
  host.listen(plate.element, 'keydown', (event) => {
    const selection = context.selection.get();
    if (event.key === 'Escape') {
      const { gates: _, pinned: __, ...rest } = selection;
      context.selection.set(rest);
    }
    const [row, col = row] = selection.gates ?? [0, 0];
    if (event.key === 'Enter') put([row, col], true);
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    const picture = heat();
    if (!step || !picture) return;
    event.preventDefault();
    const factor = event.shiftKey ? 10 : 1;
    const size = Number(plate.element.dataset.size ?? 1);
    const move = (at: number, by: number) => Math.min(size - 1, Math.max(0, at + by * factor));
    put([move(row, step[0]), move(col, step[1])], selection.pinned === true);
  });
}

/** The selected cell, where the layer has it; one gate stands for its diagonal. */
function cellOf(order: LayerOrder, gates: readonly number[] | undefined): readonly number[] | undefined {
  const size = order.names.length;
  return gates && gates.length > 0 && gates.every((gate) => gate < size) ? gates : undefined;
}

function readOut({ names, theory, sampled, stderr }: LayerOrder, cell: readonly number[]): string {
  const [row, col = row] = cell;
  const size = names.length;
  // Nothing is known of the selected place yet.
  if (size === 0) return '';
  const at = row * size + col;
  const parts = [
    theory ? `theory ${signed(theory.data[at], 3)}` : '',
    sampled ? `sampled ${plusMinus(sampled.data[at], stderr?.data[at] ?? null)}` : '',
  ];
  const which = row === col ? names[row] : `${names[row]} with ${names[col]}`;
  return `<span>${escapeText(which)}</span><span>${parts.filter((part) => part !== '').join(' · ')}</span>`;
}

function describe(order: LayerOrder, side: 'theory' | 'sampled'): string {
  const matrix = order[side];
  if (!matrix) return '';
  const [low, high] = [Math.min(...matrix.data), Math.max(...matrix.data)];
  return `${order.name} over its infinite-width value minus the identity, ${side}: ${matrix.rows} by ${matrix.cols}, from ${formatNumber(low, 2)} to ${formatNumber(high, 2)}.`;
}

function tabsHtml(names: readonly string[], chosen: string | undefined): string {
  const buttons = names.map((name) => {
    return `<button type="button" data-layer="${name}" aria-pressed="${name === chosen}">Layer ${name.slice(1)}</button>`;
  });
  return `<div class="seg" role="group" aria-label="Layer">${buttons.join('')}</div>`;
}
