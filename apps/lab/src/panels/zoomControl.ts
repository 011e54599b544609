import type { Axis } from '@ggdln/plot';
import { formatNumber } from '@ggdln/plot';
import type { Plate } from '../charts/plate.ts';
import {
  createWindows,
  endsIn,
  gripAt,
  grippedBox,
  type Windows,
  type ZoomFrame,
  type ZoomGrip,
} from '../charts/zoom.ts';
import { append, type PanelHost } from './mountPanel.ts';

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

export interface ZoomOptions {
  /** Left and right arrows move along; else they are the panel's. */
  readonly pans?: boolean;
  /** What plus and minus keep in view along x. */
  readonly about?: () => number | undefined;
  /** Scales that were held are made anew. */
  readonly onFit?: () => void;
  readonly parent?: HTMLElement;
}

/** A press that moves less than this in px is a click. */
const CLICK = 5;

/** Puts a plate into the panel with everything that zooms it: dragging, double click, keys and a button. */
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
  listenToDrag(host, { plate, box, frames: () => frames }, (grip, rect, along) => {
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

interface Draggable {
  readonly plate: Plate;
  readonly box: HTMLElement;
  readonly frames: () => readonly ZoomFrame[];
}

/** Shows what a hand draws over the picture, and tells when it is let go. */
function listenToDrag(
  host: PanelHost,
  { plate, box, frames }: Draggable,
  chosen: (grip: ZoomGrip, rect: ReturnType<typeof grippedBox>['rect'], along: ZoomGrip['along']) => void,
): void {
  const veil = append(box, 'div', 'chart-veil');
  veil.hidden = true;
  let held: { readonly grip: ZoomGrip; readonly from: readonly [number, number]; readonly id: number } | undefined;
  let dragged = false;
  const end = () => {
    held = undefined;
    veil.hidden = true;
  };
  host.listen(plate.element, 'pointerdown', (event) => {
    dragged = false;
    const from = plate.at(event);
    const grip = event.button === 0 ? gripAt(frames(), from) : undefined;
    // A finger on the picture scans it; on an axis it zooms.
    if (grip && (event.pointerType !== 'touch' || grip.along === 'x')) held = { grip, from, id: event.pointerId };
  });
  host.listen(plate.element, 'pointermove', (event) => {
    const at = plate.at(event);
    if (!held) {
      plate.element.style.cursor = CURSORS[gripAt(frames(), at)?.along ?? 'none'];
      return;
    }
    if (!dragged && Math.hypot(at[0] - held.from[0], at[1] - held.from[1]) < CLICK) return;
    if (!dragged) plate.element.setPointerCapture?.(held.id);
    dragged = true;
    const { rect } = grippedBox(held.grip, held.from, at);
    veil.hidden = false;
    Object.assign(veil.style, {
      left: `${rect.x}px`,
      top: `${rect.y}px`,
      width: `${rect.width}px`,
      height: `${rect.height}px`,
    });
  });
  host.listen(plate.element, 'pointerup', (event) => {
    if (held && dragged) {
      const { rect, along } = grippedBox(held.grip, held.from, plate.at(event));
      const wide = (along === 'y' || rect.width >= CLICK) && (along === 'x' || rect.height >= CLICK);
      if (wide) chosen(held.grip, rect, along);
    }
    end();
  });
  host.listen(plate.element, 'pointercancel', end);
  host.listen(plate.element, 'click', (event) => {
    // What ends a drag chooses nothing.
    if (dragged) event.stopImmediatePropagation();
    dragged = false;
  });
}

const CURSORS = { x: 'ew-resize', y: 'ns-resize', both: 'crosshair', none: '' };

/** `Zoomed: hidden width N from 20 to 150.` */
function shownText(windows: Windows, frames: readonly ZoomFrame[]): string {
  const names = new Map(frames.flatMap(({ x, y }) => [x, y]).map(({ key, name }) => [key, name]));
  const parts = [...names].flatMap(([key, name]) => {
    const ends = windows.shown(key);
    return ends ? [`${name} from ${formatNumber(ends[0], 3)} to ${formatNumber(ends[1], 3)}`] : [];
  });
  return `Zoomed: ${parts.join(', ')}.`;
}
