import type { Matrix, PanelEntry, RunView } from '@ggdln/core';
import { formatNumber } from '@ggdln/plot';
import { drawHeat, gradientOf, type Heat, roundLimit, sequentialColor } from '../charts/heat.ts';
import { roleColor } from '../charts/palette.ts';
import { createPlate } from '../charts/plate.ts';
import { escapeText } from '../charts/svg.ts';
import { append, mountPanel, type PanelHost, type Scene, setHtml } from './mountPanel.ts';
import { plusMinus } from './words.ts';

interface Forgetting {
  /** Entry (t, s): mean squared error on task s after task t. */
  readonly theory: Matrix;
  readonly simulated: Matrix | undefined;
  readonly stderr: Matrix | undefined;
}

/** Error on every task after every other: theory beside simulation, on one scale. */
export const forgetting: PanelEntry = {
  title: 'Forgetting',
  summary: 'Mean squared error on task s (column) after task t (row); below the diagonal tasks are forgotten.',
  equation: 'continual/4',
  span: 3,
  accepts: (view) => matricesOf(view) !== undefined,
  describe: () => 'F(t, s): error on task s (column) after task t (row); above the diagonal nothing is learnt yet',
  table(view) {
    const found = matricesOf(view);
    if (!found) return [];
    const { theory, simulated, stderr } = found;
    return [...theory.data].map((value, k) => ({
      after: Math.floor(k / theory.cols) + 1,
      task: (k % theory.cols) + 1,
      theory: value,
      simulated: simulated?.data[k] ?? null,
      stderr: stderr?.data[k] ?? null,
    }));
  },
  mount: (element, context) => mountPanel(element, context, build),
};

function matricesOf({ arrays }: RunView): Forgetting | undefined {
  const theory = arrays['forgetting theory'];
  if (!theory) return undefined;
  return { theory, simulated: arrays['forgetting simulated'], stderr: arrays['forgetting simulated_stderr'] };
}

function build(host: PanelHost): (scene: Scene) => void {
  const { root, document } = host;
  const pair = append(root, 'div', 'heat-pair');
  let marked: readonly [number, number] = [1, 0];
  const sides = (['theory', 'simulated'] as const).map((side) => {
    const box = append(pair, 'div');
    const caption = append(box, 'div', 'heat-caption');
    const plate = createPlate(document, { keys: 'Arrow keys choose a cell', className: 'scan' });
    box.append(plate.element);
    return { side, box, caption, plate, heat: undefined as Heat | undefined, size: 0 };
  });
  const bar = append(root, 'div', 'color-bar');
  const read = append(root, 'div', 'read');
  for (const one of sides) {
    host.listen(one.plate.element, 'pointermove', (event) => {
      const cell = one.heat?.cellAt(one.plate.at(event));
      if (!cell || (cell[0] === marked[0] && cell[1] === marked[1])) return;
      marked = cell;
      host.redraw();
    });
    host.listen(one.plate.element, 'keydown', (event) => {
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (!step) return;
      event.preventDefault();
      const move = (at: number, by: number) => Math.min(one.size - 1, Math.max(0, at + by));
      marked = [move(marked[0], step[0]), move(marked[1], step[1])];
      const found = matricesOf(host.context.view.get());
      if (found) host.context.announce(cellText(found, marked));
      host.redraw();
    });
  }
  return ({ view, palette, width }) => {
    const found = matricesOf(view);
    if (!found) return;
    const all = [...found.theory.data, ...(found.simulated?.data ?? [])];
    const limit = roundLimit(Math.max(...all));
    const names = Array.from({ length: found.theory.rows }, (_, t) => String(t + 1));
    const side = Math.max(110, Math.min(260, (width - 24) / 2));
    for (const one of sides) {
      const matrix = found[one.side];
      one.box.hidden = matrix === undefined;
      if (!matrix) continue;
      setHtml(one.caption, one.side === 'theory' ? 'Theory' : 'Gradient descent');
      one.caption.style.color = roleColor(one.side === 'theory' ? 'theory' : 'gradient-descent', palette);
      one.size = matrix.rows;
      one.heat = drawHeat({ matrix, color: sequentialColor(limit, palette), names, width: side, palette, marked });
      one.plate.show({ ...one.heat, sentence: sentenceOf(matrix, one.side) });
    }
    const ends = `<span>0</span><i style="background:${gradientOf(palette.sequential)}"></i><span>${formatNumber(limit, 2)}</span>`;
    setHtml(bar, ends);
    setHtml(read, `<span>${escapeText(cellText(found, marked))}</span>`);
  };
}

function cellText({ theory, simulated, stderr }: Forgetting, [row, col]: readonly [number, number]): string {
  const at = Math.min(theory.rows - 1, row) * theory.cols + Math.min(theory.cols - 1, col);
  const beside = simulated ? `, simulated ${plusMinus(simulated.data[at], stderr?.data[at] ?? null)}` : '';
  return `Task ${col + 1} after task ${row + 1}: theory ${formatNumber(theory.data[at], 3)}${beside}`;
}

function sentenceOf({ rows, cols, data }: Matrix, side: string): string {
  const below = [...data].filter((_, k) => Math.floor(k / cols) > k % cols);
  const range =
    below.length > 0 ? `from ${formatNumber(Math.min(...below), 2)} to ${formatNumber(Math.max(...below), 2)}` : '';
  return `Forgetting, ${side}: ${rows} tasks; errors on tasks learnt before ${range}.`;
}
