import type { Plate } from '../charts/plate.ts';
import { gripAt, grippedBox, type ZoomFrame, type ZoomGrip } from '../charts/zoom.ts';
import { append, type PanelHost } from './mountPanel.ts';

/** A press that moves less than this in px is a click. */
const CLICK = 5;

/** What hands zoom. */
export interface ZoomSurface {
  readonly plate: Plate;
  /** About the plate. */
  readonly box: HTMLElement;
  /** As they were drawn last. */
  readonly frames: () => readonly ZoomFrame[];
}

/** Shows what a hand draws over the picture, and tells when it is let go. */
export function listenToDrag(
  host: PanelHost,
  { plate, box, frames }: ZoomSurface,
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
    // A second finger is no second drag.
    if (held && held.id !== event.pointerId) return end();
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
  // What is let go outside before it is a drag isn't heard of here.
  host.listen(plate.element, 'pointerleave', () => {
    if (!dragged) end();
  });
  host.listen(plate.element, 'click', (event) => {
    // What ends a drag chooses nothing.
    if (dragged) event.stopImmediatePropagation();
    dragged = false;
  });
}

const CURSORS = { x: 'ew-resize', y: 'ns-resize', both: 'crosshair', none: '' };
