import { escapeText, type Svg } from './svg.ts';

/** A picture in a page: its SVG is replaced, itself stays, with its focus and its listeners. */
export interface Plate {
  readonly element: HTMLElement;
  /** @param sentence The result in words, for people who don't see it. */
  show(picture: {
    readonly width: number;
    readonly height: number;
    readonly svg: Svg;
    readonly sentence: string;
    /** What keys do in this picture, where that isn't what they do in others of the plate. */
    readonly keys?: string;
  }): void;
  /** Px of the picture at a place of the pointer. */
  at(event: MouseEvent): readonly [x: number, y: number];
}

/** What a picture takes besides being shown. */
export interface PlateOptions {
  /** What arrow keys do, e.g. `Arrow keys choose a width`: makes the plate a stop of the keyboard. */
  readonly keys?: string;
  readonly className?: string;
}

/** Makes an empty picture. */
export function createPlate(document: Document, options: PlateOptions = {}): Plate {
  const element = document.createElement('div');
  element.className = `chart ${options.className ?? ''}`.trim();
  if (options.keys) {
    element.tabIndex = 0;
    element.setAttribute('role', 'group');
    element.setAttribute('aria-roledescription', 'chart');
  }
  let said = '';
  let drawn = '';
  return {
    element,
    show({ width, height, svg, sentence, keys = options.keys }) {
      const label = keys ? `${sentence} ${keys}.` : sentence;
      if (label !== said && options.keys) element.setAttribute('aria-label', label);
      said = label;
      const size = `width="${Math.round(width)}" height="${Math.round(height)}"`;
      const text = `<svg ${size} viewBox="0 0 ${Math.round(width)} ${Math.round(height)}" role="img" aria-label="${escapeText(sentence)}">${svg}</svg>`;
      if (text === drawn) return;
      drawn = text;
      element.innerHTML = text;
    },
    at(event) {
      const rect = (element.firstElementChild ?? element).getBoundingClientRect();
      return [event.clientX - rect.left, event.clientY - rect.top];
    },
  };
}
