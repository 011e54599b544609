/** Attributes of an element; `undefined` and `false` leave one out. */
export type Attributes = { readonly [name: string]: string | number | false | undefined };

/** SVG as text: a chart is written in one go, several times a second. */
export type Svg = string;

const ESCAPES: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text that no mark-up can come out of. */
export const escapeText = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPES[character]);

/** An element as text. Numbers are px, to a tenth. Children are SVG already: texts go through `escapeText`. */
export function tag(name: string, attributes: Attributes = {}, ...children: readonly Svg[]): Svg {
  let text = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    text += ` ${key}="${typeof value === 'number' ? px(value) : escapeText(value)}"`;
  }
  return children.length === 0 ? `${text}/>` : `${text}>${children.join('')}</${name}>`;
}

/** A coordinate to a tenth of a pixel. */
export const px = (value: number): string => String(Math.round(value * 10) / 10 + 0);

/** A polyline through pixels. */
export function pathThrough(points: readonly (readonly [x: number, y: number])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${px(x)} ${px(y)}`).join('');
}

/** How a text looks; sizes in px. */
export interface TextStyle {
  readonly fill: string;
  readonly size?: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly weight?: number;
  /** Colour of an outline that keeps lines off the letters. */
  readonly halo?: string;
  readonly italic?: boolean;
}

/** A text whose base line begins, or as its anchor says is centred or ends, at a place in px. */
export function label(x: number, y: number, text: string, style: TextStyle): Svg {
  const halo = style.halo
    ? { stroke: style.halo, 'stroke-width': 3.5, 'stroke-linejoin': 'round', 'paint-order': 'stroke' }
    : {};
  const attributes = {
    ...{ x, y, fill: style.fill, 'font-size': style.size ?? 12 },
    'text-anchor': style.anchor === 'start' ? undefined : style.anchor,
    'font-weight': style.weight,
    'font-style': style.italic ? 'italic' : undefined,
    ...halo,
  };
  return tag('text', attributes, escapeText(text));
}

/**
 * What lies inside a box; the rest is cut off, also in files. A nested picture, as those need no names. A box without
 * room, as while a card has no width yet, holds nothing.
 */
export function clipped({ x, y, width, height }: Box, ...children: readonly Svg[]): Svg {
  if (!(width > 0 && height > 0)) return '';
  const sides = [x, y, width, height].map(px).join(' ');
  return tag('svg', { x, y, width, height, viewBox: sides, overflow: 'hidden' }, ...children);
}

/** Whether a place lies in a box or on its edge. */
export function isInside({ x, y, width, height }: Box, [at, down]: readonly [number, number]): boolean {
  return at >= x - 0.5 && at <= x + width + 0.5 && down >= y - 0.5 && down <= y + height + 0.5;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
