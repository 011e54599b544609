import type { Axis } from '@ggdln/plot';
import { formatNumber } from '@ggdln/plot';
import type { Plate } from '../charts/plate.ts';
import { createWindows, endsIn, gripAt, type Windows, type ZoomFrame } from '../charts/zoom.ts';
import { append, type PanelHost } from './mountPanel.ts';
import { listenToDrag } from './zoomDrag.ts';
import { listenToPinch } from './zoomPinch.ts';

/** What keys do to a picture that can be zoomed, for its label. */
export const ZOOM_KEYS = 'plus and minus zoom, with Shift up and down arrows upwards, 0 shows all';
/** The same for pictures in which arrow keys choose nothing. */
export const ZOOM_AND_PAN_KEYS =
  'Plus and minus zoom, with Shift up and down arrows upwards, arrows move along, 0 shows all';

/** Zooming of one picture. */
export interface Zoom {
  /** Shows all again when what is shown is another thing, e.g. another experiment. */
  begin(key: string): void;
  /** The axis to draw. */
  axis(key: string, whole: Axis): Axis;
  /** Tells what was drawn, for hands to act on. */
  drew(frames: readonly ZoomFrame[]): void;
  /** Moves along until a value is in view, as keys choose it. */
  reveal(key: string, value: number): void;
}

/** How a picture is zoomed. */
export interface ZoomOptions {
  /** Left and right arrows move along; else they are the panel's. */
  readonly pans?: boolean;
  /** What plus and minus keep in view along x. */
  readonly about?: () => number | undefined;
  /** Scales that were held are made anew. */
  readonly onFit?: () => void;
  readonly parent?: HTMLElement;
}

/** Puts a plate into the panel with everything that zooms it: dragging, two fingers, double click, keys and a button. */
export function mountZoom(host: PanelHost, plate: Plate, options: ZoomOptions = {}): Zoom {
  const box = append(options.parent ?? host.root, 'div', 'zoomable');
  box.append(plate.element);
  const button = append(box, 'button', 'btn small chart-fit');
  button.type = 'button';
  button.textContent = 'Fit';
  button.setAttribute('aria-label', 'Fit: show all of it again');
  button.hidden = true;
  const windows = createWindows();
  let frames: readonly ZoomFrame[] = [];
  const changed = () => {
    host.redraw();
    host.context.announce(windows.zoomed ? shownText(windows, frames) : 'All of it is shown.');
  };
  const fit = () => {
    windows.clear();
    options.onFit?.();
    // The button goes; who pressed it stays at the picture.
    if (button.ownerDocument.activeElement === button) plate.element.focus({ preventScroll: true });
    changed();
  };
  host.listen(button, 'click', fit);
  host.listen(plate.element, 'dblclick', (event) => {
    if (gripAt(frames, plate.at(event))) fit();
  });
  const surface = { plate, box, frames: () => frames };
  // Before dragging: the second finger ends the drag of the first.
  listenToPinch(host, surface, {
    moved(stretches) {
      for (const { key, ends } of stretches) windows.set(key, ends);
      host.redraw();
    },
    ended: changed,
  });
  listenToDrag(host, surface, (grip, rect, along) => {
    const ends = endsIn(grip.frame, rect);
    if (along !== 'y') windows.set(grip.frame.x.key, ends.x);
    if (along !== 'x') windows.set(grip.frame.y.key, ends.y);
    changed();
  });
  host.listen(plate.element, 'keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = event.key === '0' ? fit : zoomKey(event, windows, frames, options);
    if (!act) return;
    event.preventDefault();
    act();
    if (act !== fit) changed();
  });
  return {
    begin: windows.begin,
    axis: windows.axis,
    reveal: windows.reveal,
    drew(drawn) {
      frames = drawn;
      button.hidden = !windows.zoomed;
    },
  };
}

/** What a key does to the windows; `undefined` for keys that mean nothing here. */
function zoomKey(
  { key, shiftKey }: KeyboardEvent,
  windows: Windows,
  frames: readonly ZoomFrame[],
  { pans = false, about }: ZoomOptions,
): (() => void) | undefined {
  const across = [...new Set(frames.map(({ x }) => x.key))];
  const upwards = [...new Set(frames.map(({ y }) => y.key))];
  const each = (keys: readonly string[], act: (axis: string) => void) => () => {
    for (const axis of keys) act(axis);
  };
  const along = { '+': 0.5, '=': 0.5, '-': 2, '−': 2 }[key];
  if (along !== undefined) return each(across, (axis) => windows.scale(axis, along, about?.()));
  const up = shiftKey ? { ArrowUp: 0.5, ArrowDown: 2 }[key] : undefined;
  if (up !== undefined) return each(upwards, (axis) => windows.scale(axis, up));
  const [right, above] = pans && windows.zoomed ? (PANS[key] ?? [0, 0]) : [0, 0];
  if (right !== 0) return each(across, (axis) => windows.shift(axis, right));
  if (above !== 0) return each(upwards, (axis) => windows.shift(axis, above));
  return undefined;
}

const PANS: { readonly [key: string]: readonly [right: number, above: number] } = {
  ArrowLeft: [-0.2, 0],
  ArrowRight: [0.2, 0],
  ArrowUp: [0, 0.2],
  ArrowDown: [0, -0.2],
};

/** `Zoomed: hidden width N from 20 to 150.` */
function shownText(windows: Windows, frames: readonly ZoomFrame[]): string {
  const names = new Map(frames.flatMap(({ x, y }) => [x, y]).map(({ key, name }) => [key, name]));
  const parts = [...names].flatMap(([key, name]) => {
    const ends = windows.shown(key);
    return ends ? [`${name} from ${formatNumber(ends[0], 3)} to ${formatNumber(ends[1], 3)}`] : [];
  });
  return `Zoomed: ${parts.join(', ')}.`;
}
