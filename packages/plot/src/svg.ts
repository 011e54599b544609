import type { TextItem } from './layout.ts';
import type { Theme } from './theme.ts';

export const SVG = 'http://www.w3.org/2000/svg';
const XMLNS = 'http://www.w3.org/2000/xmlns/';

export type Attributes = Readonly<Record<string, string | number>>;

/**
 * An SVG element of a document that is handed in, so that nothing here needs a global one. Here and wherever else this
 * package draws, only methods of DOM Level 2 are called, for xmldom has no others.
 */
export function element<Name extends keyof SVGElementTagNameMap>(
  document: Document,
  name: Name,
  attributes: Attributes = {},
  children: readonly (Node | string)[] = [],
): SVGElementTagNameMap[Name] {
  const node = document.createElementNS(SVG, name);
  // Set rather than left to the serializer, so that every one of them writes it first.
  if (name === 'svg') node.setAttributeNS(XMLNS, 'xmlns', SVG);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  for (const child of children) {
    node.appendChild(typeof child === 'string' ? document.createTextNode(xmlText(child)) : child);
  }
  return node;
}

export function textElement(document: Document, theme: Theme, item: TextItem): SVGTextElement {
  const attributes: Record<string, string | number> = { x: item.x, y: item.y, 'font-size': item.size };
  if (item.bold) attributes['font-weight'] = 600;
  if (item.anchor) attributes['text-anchor'] = item.anchor;
  return element(document, 'text', { ...attributes, fill: theme[item.color] }, [item.text]);
}

/** Two decimals of a pixel everywhere: enough to see, and the same text on every machine. */
export function roundCoordinates(root: Element): void {
  for (const node of [root, ...root.getElementsByTagName('*')]) {
    for (const name of ['x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'r', 'd', 'transform']) {
      const value = node.getAttribute(name);
      if (value)
        node.setAttribute(
          name,
          value.replace(/-?\d+\.\d{3,}(?:e-\d+)?/g, (n) => String(round(Number(n)))),
        );
    }
  }
}

const round = (value: number): number => Math.round(value * 100) / 100 + 0;

/** Without the characters that XML has no way to write. */
function xmlText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed.
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
}
