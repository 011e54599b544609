import type { Matrix, PanelEntry, Row, RunView, Selection } from '@ggdln/core';
import { formatNumber } from '@ggdln/plot';
import type { Palette } from '../charts/palette.ts';
import { createPlate } from '../charts/plate.ts';
import { escapeText, label, px, type Svg, tag } from '../charts/svg.ts';
import { append, mountPanel, type PanelHost, type Scene, setHtml } from './mountPanel.ts';
import { capital, counted } from './words.ts';

/** What a routing study tells of its network at a snapshot. */
interface Network {
  /** M × M, input domains in rows: 1 where a pair is trained. */
  readonly gate: Matrix;
  /** ½|T − W3W2W1|² of every pair. */
  readonly errors: Matrix;
  /** Singular values: M × modes, 1 × modes, M × modes. */
  readonly encoders: Matrix;
  readonly shared: Matrix;
  readonly decoders: Matrix;
}

/** The routing graph: a strand for each mode, as wide as its singular value; a domain's trained and untrained outputs. */
export const pathwayRace: PanelEntry = {
  title: 'The race of the pathways',
  summary: 'Edges as wide as their singular values, a colour for each mode; trained and untrained pairs of a domain.',
  equation: 'gdln/5',
  span: 4,
  accepts: (view) => networkOf(view) !== undefined,
  describe(view) {
    const network = networkOf(view);
    if (!network) return '';
    const M = network.gate.rows;
    const K = network.gate.data.reduce((sum, trained) => sum + trained, 0) / M;
    return `${M} input and ${M} output domains, one shared layer, ${formatNumber(K, 3)} trained pairs a row; strands are modes`;
  },
  table(view) {
    const network = networkOf(view);
    if (!network) return [];
    const part = (name: string, values: Matrix): Row[] =>
      [...values.data].map((value, k) => ({
        layer: name,
        domain: values.rows === 1 ? null : Math.floor(k / values.cols) + 1,
        mode: (k % values.cols) + 1,
        'singular value': value,
      }));
    const { encoders, shared, decoders } = network;
    return [...part('encoder', encoders), ...part('shared', shared), ...part('decoder', decoders)];
  },
  mount: (element, context) => mountPanel(element, context, build),
};

function networkOf({ arrays }: RunView): Network | undefined {
  const { gate, encoders, shared, decoders } = arrays;
  const errors = arrays['pair errors'];
  return gate && encoders && shared && decoders && errors ? { gate, errors, encoders, shared, decoders } : undefined;
}

function build(host: PanelHost): (scene: Scene) => void {
  const { root, document, context } = host;
  const plate = createPlate(document, { keys: 'Up and down arrows choose an input domain', className: 'scan' });
  root.append(plate.element);
  const read = append(root, 'div', 'read lines');
  let places: readonly number[] = [];
  const choose = (task: number, pinned: boolean) => context.selection.set({ ...context.selection.get(), task, pinned });
  const nearest = (y: number) =>
    places.reduce((best, place, i) => (Math.abs(place - y) < Math.abs(places[best] - y) ? i : best), 0);
  host.listen(plate.element, 'pointermove', (event) => {
    const { pinned, task } = context.selection.get();
    const domain = nearest(plate.at(event)[1]);
    if (!pinned && task !== domain) choose(domain, false);
  });
  host.listen(plate.element, 'click', (event) => choose(nearest(plate.at(event)[1]), true));
  host.listen(plate.element, 'keydown', (event) => {
    if (event.key === 'Escape') {
      const { task: _, pinned: __, ...rest } = context.selection.get();
      context.selection.set(rest);
    }
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.min(places.length - 1, Math.max(0, (context.selection.get().task ?? 0) + step));
    choose(next, true);
    const network = networkOf(context.view.get());
    if (network) context.announce(pairsText(network, next));
  });
  return ({ view, selection, palette, width }) => {
    const network = networkOf(view);
    if (!network) return;
    const domain = domainOf(network, selection);
    const picture = draw(network, domain, palette, width);
    places = picture.places;
    plate.show({ ...picture, sentence: sentenceOf(network, domain) });
    setHtml(
      read,
      `<span>${escapeText(modesText(network))}</span><span>${escapeText(pairsText(network, domain))}</span>`,
    );
  };
}

const domainOf = ({ gate }: Network, { task = 1 }: Selection): number => Math.min(gate.rows - 1, Math.max(0, task));

const HEAD = 34;
const NODE = 11;
/** Of the widest strand on an edge, and in the shared layer. */
const EDGE = 4.5;
const SHARED = 9;

function draw(network: Network, domain: number, palette: Palette, width: number) {
  const { gate, encoders, shared, decoders } = network;
  const M = gate.rows;
  const step = Math.max(24, Math.min(36, 260 / M));
  const places = Array.from({ length: M }, (_, i) => HEAD + (i + 0.5) * step);
  const middle = HEAD + (M * step) / 2;
  const [left, right] = [28, width - 28];
  const half = Math.min(70, width / 8);
  const [from, to] = [width / 2 - half, width / 2 + half];
  const most = (values: Matrix) => Math.max(1e-9, ...values.data);
  const edgeScale = EDGE / Math.max(most(encoders), most(decoders));
  const sharedScale = SHARED / most(shared);
  const trained = (b: number) => gate.data[domain * M + b] === 1;
  const parts: Svg[] = [];
  for (let i = 0; i < M; i++) {
    const faint = i === domain ? 1 : 0.35;
    parts.push(strands(encoders, i, edgeScale, [left + NODE, places[i], from, middle], palette, { opacity: faint }));
    const dashed = !trained(i);
    parts.push(
      strands(decoders, i, edgeScale, [to, middle, right - NODE, places[i]], palette, { opacity: 0.85, dashed }),
    );
  }
  parts.push(strands(shared, 0, sharedScale, [from, middle, to, middle], palette, { opacity: 1 }));
  for (let i = 0; i < M; i++) {
    parts.push(node(left, places[i], i, palette, i === domain, false));
    parts.push(node(right, places[i], i, palette, trained(i), !trained(i)));
  }
  const muted = { fill: palette.muted, anchor: 'middle' as const };
  parts.push(label(left, 14, 'input', muted), label(right, 14, 'output', muted));
  parts.push(label(width / 2, middle - 30, 'shared layer', { ...muted, halo: palette.surface }));
  parts.push(modeNames(shared, middle, width, palette));
  return { width, height: HEAD + M * step + 8, svg: parts.join(''), places };
}

/** One strand a mode, side by side, along a curve that starts and ends level. */
function strands(
  values: Matrix,
  row: number,
  scale: number,
  [x1, y1, x2, y2]: readonly [number, number, number, number],
  palette: Palette,
  { opacity, dashed = false }: { readonly opacity: number; readonly dashed?: boolean },
): Svg {
  const widths = Array.from({ length: values.cols }, (_, mode) => scale * values.data[row * values.cols + mode]);
  const total = widths.reduce((sum, w) => sum + w, 0);
  let at = -total / 2;
  return widths
    .map((w, mode) => {
      const shift = at + w / 2;
      at += w;
      const mid = (x1 + x2) / 2;
      const d = `M${px(x1)} ${px(y1 + shift)}C${px(mid)} ${px(y1 + shift)} ${px(mid)} ${px(y2 + shift)} ${px(x2)} ${px(y2 + shift)}`;
      return tag('path', {
        d,
        fill: 'none',
        stroke: palette.nominal[mode % palette.nominal.length],
        'stroke-width': String(Math.max(0.4, Math.round(100 * w) / 100)),
        'stroke-dasharray': dashed && '6 4',
        opacity: String(opacity),
      });
    })
    .join('');
}

function node(x: number, y: number, index: number, palette: Palette, strong: boolean, dashed: boolean): Svg {
  const circle = tag('circle', {
    ...{ cx: x, cy: y, r: NODE, fill: strong ? palette.selected : palette.surface, stroke: palette.text },
    'stroke-width': strong ? '2' : '1.2',
    'stroke-dasharray': dashed && '3 3',
  });
  return circle + label(x, y + 4, String(index + 1), { fill: palette.text, anchor: 'middle' });
}

function modeNames({ data, cols }: Matrix, middle: number, width: number, palette: Palette): Svg {
  return Array.from({ length: cols }, (_, mode) => {
    const fill = palette.text;
    const y = middle + 30 + 17 * mode;
    const text = `mode ${mode + 1}: ${formatNumber(data[mode], 3)}`;
    const key = tag('rect', {
      ...{ x: width / 2 - 52, y: y - 9, width: 10, height: 10, rx: 2 },
      fill: palette.nominal[mode % palette.nominal.length],
    });
    return key + label(width / 2 - 37, y, text, { fill, halo: palette.surface, weight: 600 });
  }).join('');
}

function modesText({ shared }: Network): string {
  return `Shared layer: ${[...shared.data].map((value, k) => `mode ${k + 1} ${formatNumber(value, 4)}`).join(', ')}`;
}

/** `Input 2: mean error 0.01 of 4 trained outputs, 0.02 of 3 untrained ones`. */
function pairsText({ gate, errors }: Network, domain: number): string {
  const M = gate.rows;
  const mean = (kind: number) => {
    const own = Array.from({ length: M }, (_, b) => b).filter((b) => gate.data[domain * M + b] === kind);
    if (own.length === 0) return undefined;
    const sum = own.reduce((total, b) => total + errors.data[domain * M + b], 0);
    return { count: own.length, error: formatNumber(sum / own.length, 3) };
  };
  const [trained, others] = [mean(1), mean(0)];
  const words = [
    trained ? `mean error ${trained.error} of ${counted(trained.count, 'trained output')}` : '',
    others ? `${others.error} of ${counted(others.count, 'untrained output')} (dashed)` : '',
  ];
  return `Input ${domain + 1}: ${words.filter((word) => word !== '').join(', ')}`;
}

const sentenceOf = (network: Network, domain: number): string =>
  `${capital(modesText(network))}. ${pairsText(network, domain)}.`;
