import type { Matrix, PanelEntry, RunView } from '@ggdln/core';
import { formatNumber } from '@ggdln/plot';
import { roleColor } from '../charts/palette.ts';
import { createPlate } from '../charts/plate.ts';
import { escapeText, label, px, type Svg, tag } from '../charts/svg.ts';
import { append, mountPanel, type PanelHost, type Scene, setHtml } from './mountPanel.ts';
import { signed } from './words.ts';

/** Where the hidden units of an exclusive or pull: they grow along the diagonals, one for each example. */
export const xorWeights: PanelEntry = {
  title: 'Weights of the units',
  summary: 'Upper times lower weights of every hidden unit on the input plane; dashed are the four examples.',
  equation: 'gdln/7',
  span: 2,
  accepts: (view) => unitsOf(view) !== undefined,
  describe: (view) => `a w of ${unitsOf(view)?.relu.rows ?? 0} ReLU units, and of the four gated ones`,
  table(view) {
    const units = unitsOf(view);
    if (!units) return [];
    return (['gated', 'relu'] as const).flatMap((network) =>
      Array.from({ length: units[network].rows }, (_, k) => ({
        network,
        unit: k + 1,
        first: units[network].data[2 * k],
        second: units[network].data[2 * k + 1],
      })),
    );
  },
  mount: (element, context) => mountPanel(element, context, build),
};

function unitsOf({ arrays }: RunView): { readonly relu: Matrix; readonly gated: Matrix } | undefined {
  const [relu, gated] = [arrays['ReLU weights'], arrays['gated weights']];
  return relu && gated && relu.cols === 2 ? { relu, gated } : undefined;
}

function build(host: PanelHost): (scene: Scene) => void {
  const plate = createPlate(host.document);
  host.root.append(plate.element);
  const read = append(host.root, 'div', 'read');
  return ({ view, palette, width }) => {
    const units = unitsOf(view);
    if (!units) return;
    const side = Math.min(width, 320);
    const { relu, gated } = units;
    const limit = Math.max(1e-9, ...relu.data.map(Math.abs), ...gated.data.map(Math.abs)) * 1.15;
    const place = (x: number, y: number) => [side / 2 + (x / limit) * (side / 2), side / 2 - (y / limit) * (side / 2)];
    const parts: Svg[] = [];
    for (const [x, y] of [
      [1, 1],
      [1, -1],
    ]) {
      const [from, to] = [place(-limit * x, -limit * y), place(limit * x, limit * y)];
      const d = `M${px(from[0])} ${px(from[1])}L${px(to[0])} ${px(to[1])}`;
      parts.push(tag('path', { d, stroke: palette.border, 'stroke-dasharray': '4 4', fill: 'none' }));
    }
    const axis = { stroke: palette.hair, fill: 'none' };
    parts.push(tag('path', { d: `M0 ${px(side / 2)}H${px(side)}M${px(side / 2)} 0V${px(side)}`, ...axis }));
    const color = roleColor('gradient-descent', palette);
    for (let k = 0; k < relu.rows; k++) {
      const [x, y] = place(relu.data[2 * k], relu.data[2 * k + 1]);
      const d = `M${px(side / 2)} ${px(side / 2)}L${px(x)} ${px(y)}`;
      parts.push(tag('path', { d, stroke: color, 'stroke-width': '1', opacity: '0.35', fill: 'none' }));
      parts.push(tag('circle', { cx: x, cy: y, r: 3, fill: color, opacity: '0.7' }));
    }
    for (let k = 0; k < gated.rows; k++) {
      const [x, y] = place(gated.data[2 * k], gated.data[2 * k + 1]);
      const d = `M${px(x)} ${px(y - 6)}l6 6 -6 6 -6 -6z`;
      parts.push(tag('path', { d, fill: 'none', stroke: palette.theory, 'stroke-width': '2' }));
    }
    const style = { fill: palette.muted, halo: palette.surface };
    parts.push(label(side - 4, side / 2 - 6, 'x₁', { ...style, anchor: 'end' }), label(side / 2 + 6, 12, 'x₂', style));
    const strongest = strongestOf(relu);
    plate.show({
      width: side,
      height: side,
      svg: parts.join(''),
      sentence: `Hidden units on the input plane; the strongest ReLU unit is at ${signed(strongest[0], 3)}, ${signed(strongest[1], 3)}.`,
    });
    const text = `scale ±${formatNumber(limit, 2)} · circles: ReLU units · diamonds: gated pathways`;
    setHtml(read, `<span class="muted">${escapeText(text)}</span>`);
  };
}

function strongestOf({ rows, data }: Matrix): readonly [number, number] {
  let best = 0;
  for (let k = 1; k < rows; k++) {
    if (Math.hypot(data[2 * k], data[2 * k + 1]) > Math.hypot(data[2 * best], data[2 * best + 1])) best = k;
  }
  return [data[2 * best], data[2 * best + 1]];
}
