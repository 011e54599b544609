import { type Fingers, pinchAt, pinched, type ZoomGrip } from '../charts/zoom.ts';
import type { PanelHost } from './mountPanel.ts';
import type { ZoomSurface } from './zoomDrag.ts';

/** Who hears of two fingers. */
interface PinchListener {
  /** Stretches of axes to show, while the fingers move. */
  moved(stretches: ReturnType<typeof pinched>): void;
  ended(): void;
}

type Place = readonly [x: number, y: number];

/** Two fingers on a picture narrow and widen what it shows, along both axes or along the one they are on. */
export function listenToPinch(host: PanelHost, { plate, frames }: ZoomSurface, listener: PinchListener): void {
  const down = new Map<number, Place>();
  let pinch: { readonly grip: ZoomGrip; readonly from: Fingers } | undefined;
  let moved = false;
  /** Of a pinch that has ended: what its fingers still do means nothing. */
  let spent = false;
  const fingers = (): Fingers | undefined => {
    const [a, b, ...more] = down.values();
    return a && b && more.length === 0 ? [a, b] : undefined;
  };
  const begin = () => {
    const from = fingers();
    const grip = from && pinchAt(frames(), from);
    pinch = from && grip ? { grip, from } : undefined;
    moved = false;
  };
  const lift = (event: PointerEvent) => {
    if (!down.delete(event.pointerId) || !pinch) return;
    pinch = undefined;
    spent = true;
    if (moved) listener.ended();
  };
  host.listen(plate.element, 'pointerdown', (event) => {
    if (event.pointerType !== 'touch') return;
    if (down.size === 0) spent = false;
    down.set(event.pointerId, plate.at(event));
    if (down.size > 1) begin();
  });
  host.listen(plate.element, 'pointermove', (event) => {
    if (!down.has(event.pointerId)) return;
    down.set(event.pointerId, plate.at(event));
    const to = fingers();
    if (pinch && to) {
      moved = true;
      listener.moved(pinched(pinch.grip, pinch.from, to));
    }
    // Two fingers don't point at anything.
    if (pinch || spent) event.stopImmediatePropagation();
  });
  host.listen(plate.element, 'pointerup', lift);
  host.listen(plate.element, 'pointercancel', lift);
  host.listen(plate.element, 'click', (event) => {
    if (spent) event.stopImmediatePropagation();
    spent = false;
  });
  // Else the browser takes the fingers for scrolling the page, and no more is heard of them.
  const keep = (event: TouchEvent) => {
    if (event.touches.length > 1 && event.cancelable) event.preventDefault();
  };
  host.listen(plate.element, 'touchstart', keep);
  host.listen(plate.element, 'touchmove', keep);
}
