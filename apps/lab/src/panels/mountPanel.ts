import type { PanelContext, PanelElement, RunView, Selection } from '@ggdln/core';
import { type Palette, paletteOf } from '../charts/palette.ts';
import { createRedraw } from '../charts/redraw.ts';
import { atPlace } from './run.ts';

/** What a panel draws at one moment. */
export interface Scene {
  /** With the data and gates of the place that is shown. */
  readonly view: RunView;
  readonly selection: Selection;
  readonly palette: Palette;
  /** Px from side to side. */
  readonly width: number;
}

/** What a panel is built with, once. */
export interface PanelHost {
  readonly root: HTMLElement;
  readonly document: Document;
  readonly context: PanelContext;
  /** Draws again in the next frame, after something that the panel itself holds has changed. */
  redraw(): void;
  /** Listens until the panel is removed. */
  listen<Name extends keyof HTMLElementEventMap>(
    target: HTMLElement,
    name: Name,
    heard: (event: HTMLElementEventMap[Name]) => void,
  ): void;
}

/** Where nothing has been laid out yet. */
const DEFAULT_WIDTH = 340;

/**
 * The life of a panel: built once, drawn when what it shows changes, at most ten times a second.
 * @param build Puts persistent elements into the root and returns what draws a scene.
 * @returns Removes every listener.
 */
export function mountPanel(
  element: PanelElement,
  context: PanelContext,
  build: (host: PanelHost) => (scene: Scene) => void,
): () => void {
  const root = element as unknown as HTMLElement;
  const document = root.ownerDocument;
  const window = document.defaultView;
  if (!window) return () => {};
  const ending = new AbortController();
  const measured = followWidth(root, () => redraw.request(true));
  const draw = () => {
    const selection = context.selection.get();
    drawScene({
      view: atPlace(context.view.get(), selection),
      selection,
      palette: paletteOf(context.theme.get()),
      width: measured.px() || DEFAULT_WIDTH,
    });
  };
  const redraw = createRedraw(draw, window);
  const host: PanelHost = {
    root,
    document,
    context,
    redraw: () => redraw.request(true),
    // Not passive, which browsers take those of touch to be: a panel may keep what a hand does for itself.
    listen: (target, name, heard) => target.addEventListener(name, heard, { signal: ending.signal, passive: false }),
  };
  const drawScene = build(host);
  draw();
  const ends = [
    context.view.subscribe(() => redraw.request()),
    context.selection.subscribe(() => redraw.request(true)),
    context.theme.subscribe(() => redraw.request(true)),
    measured.end,
  ];
  return () => {
    ending.abort();
    redraw.dispose();
    for (const end of ends) end();
  };
}

/**
 * The width of an element, measured when it changes. Asked for in every drawing, the browser would lay the page out anew
 * between the drawings of two panels, each of which has changed it.
 */
function followWidth(root: HTMLElement, changed: () => void): { px(): number; end(): void } {
  const Observer = root.ownerDocument.defaultView?.ResizeObserver;
  if (!Observer) return { px: () => root.clientWidth, end: () => {} };
  let width = root.clientWidth;
  const observer = new Observer(() => {
    if (root.clientWidth === width) return;
    width = root.clientWidth;
    changed();
  });
  observer.observe(root);
  return { px: () => width, end: () => observer.disconnect() };
}

/** An element with a class and text, put at the end of a parent. */
export function append<Name extends keyof HTMLElementTagNameMap>(
  parent: HTMLElement,
  name: Name,
  className = '',
): HTMLElementTagNameMap[Name] {
  const child = parent.ownerDocument.createElement(name);
  if (className !== '') child.className = className;
  parent.append(child);
  return child;
}

/** Replaces an element's HTML where it has changed, so that what is the same keeps its focus. */
export function setHtml(element: HTMLElement, html: string): void {
  if (shown.get(element) === html) return;
  shown.set(element, html);
  element.innerHTML = html;
}

const shown = new WeakMap<HTMLElement, string>();
