import type { Matrix } from '@ggdln/core';
import { formatFixed } from '@ggdln/plot';
import { createPlate, type Plate } from '../charts/plate.ts';
import { createGateEditing, type GateEditing, gateKey } from './gateEditing.ts';
import { type HalfPlanes, openShare } from './gateModel.ts';
import {
  type Handle,
  handlesOf,
  movedPlane,
  nearestPlane,
  type PlaneScene,
  planePicture,
  pointAt,
} from './gatePlane.ts';
import { append, type PanelHost, type Scene, setHtml } from './mountPanel.ts';
import { planeWindow } from './predictionField.ts';
import { listed, stripTags, symbolHtml } from './words.ts';

/** How near in px a pointer takes hold of a handle or a line. */
const GRIP = 14;
const LINE_GRIP = 8;
const windows = new WeakMap<Matrix, ReturnType<typeof planeWindow>>();
const KEYS =
  'Left and right arrows turn the gate, plus and minus shift it, up and down choose another, N adds one, Delete removes it';
const ACTIONS =
  '<button type="button" class="btn small" data-act="add">Add a gate</button>' +
  '<button type="button" class="btn small" data-act="remove">Remove it</button>';

/** The plane with its lines, and everything that moves them: pointer, keys, buttons. */
export function mountGatePlane(host: PanelHost): { show(scene: Scene, planes: HalfPlanes | undefined): void } {
  const { root, document } = host;
  const plate = createPlate(document, { keys: KEYS, className: 'grab' });
  root.append(plate.element);
  const read = append(root, 'div', 'read');
  const actions = append(root, 'div', 'gate-actions');
  setHtml(actions, ACTIONS);
  let drawn: PlaneScene | undefined;
  let offset = 0;
  const editing = createGateEditing(
    host.context,
    () => drawn,
    () => offset,
    host.redraw,
  );
  const holding = listenToPointer(host, plate, editing);
  listenToKeys(host, plate.element, editing);
  host.listen(actions, 'click', (event) => {
    const act = event.target instanceof HTMLElement ? event.target.dataset.act : undefined;
    if (act === 'add') editing.add({ angle: 45 * (drawn?.planes.length ?? 0), threshold: 0 });
    if (act === 'remove') editing.remove();
  });
  return {
    show({ view, selection, palette, width }, planes) {
      for (const element of [plate.element, read]) element.hidden = planes === undefined;
      actions.hidden = planes?.editable !== true;
      const { problem } = view;
      if (!planes || !problem) return;
      offset = planes.offset;
      const { editable } = planes;
      const lines = editing.current(planes.planes, holding());
      const pointed = (selection.gates ?? []).map((gate) => gate - offset);
      const found = [...new Set(pointed)].filter((plane) => plane >= 0 && plane < lines.length);
      const chosen = found[0] ?? (editable ? 0 : undefined);
      const selected = chosen === undefined || found.length > 0 ? found : [chosen];
      const { trainX: X, trainY: Y } = problem;
      const window = windows.get(X) ?? planeWindow([X]);
      windows.set(X, window);
      const size = Math.min(width, 340);
      drawn = { planes: lines, chosen, selected, editable, X, Y, window, size, palette };
      const sentence = `${lines.length} half-planes over ${X.rows} inputs. ${stripTags(readOut(drawn))}`;
      plate.show({ width: size, height: size, svg: planePicture(drawn), sentence });
      setHtml(read, readOut(drawn));
    },
  };
}

/** A handle of the chosen line, or any line, near a pixel. */
function gripAt(drawn: PlaneScene | undefined, at: readonly [number, number]): Handle | undefined {
  if (!drawn) return undefined;
  const handle = handlesOf(drawn).find(({ x, y }) => Math.hypot(x - at[0], y - at[1]) <= GRIP);
  if (handle) return handle;
  const line = nearestPlane(drawn, at);
  return line && line.distance <= LINE_GRIP ? { plane: line.plane, kind: 'threshold', x: at[0], y: at[1] } : undefined;
}

/** @returns Whether a hand holds a line now. */
function listenToPointer(host: PanelHost, plate: Plate, editing: GateEditing): () => boolean {
  let held: Handle | undefined;
  let moved = false;
  const move = (event: PointerEvent, passing: boolean) => {
    const drawn = editing.scene();
    const line = held ? drawn?.planes[held.plane] : undefined;
    if (drawn && held && line)
      editing.replace(held.plane, movedPlane(line, held.kind, drawn, plate.at(event)), passing);
  };
  host.listen(plate.element, 'pointerdown', (event) => {
    const handle = gripAt(editing.scene(), plate.at(event));
    if (!handle) return;
    editing.choose(handle.plane);
    if (!editing.scene()?.editable) return;
    moved = false;
    held = handle;
    plate.element.setPointerCapture?.(event.pointerId);
    event.preventDefault();
    plate.element.focus({ preventScroll: true });
  });
  host.listen(plate.element, 'pointermove', (event) => {
    if (held) {
      moved = true;
      move(event, true);
    } else plate.element.style.cursor = gripAt(editing.scene(), plate.at(event)) ? 'grab' : 'default';
  });
  const release = (event: PointerEvent) => {
    if (held && moved) move(event, false);
    held = undefined;
  };
  host.listen(plate.element, 'pointerup', release);
  host.listen(plate.element, 'pointercancel', release);
  host.listen(plate.element, 'dblclick', (event) => {
    const drawn = editing.scene();
    if (!drawn?.editable || gripAt(drawn, plate.at(event))) return;
    // The new line goes through the point, across the direction to the origin.
    const [u, v] = pointAt(drawn.window, drawn.size, plate.at(event));
    editing.add({ angle: (Math.atan2(v, u) * 180) / Math.PI, threshold: Math.hypot(u, v) });
  });
  return () => held !== undefined;
}

function listenToKeys(host: PanelHost, element: HTMLElement, editing: GateEditing): void {
  host.listen(element, 'keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = gateKey(event, editing);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
}

/** What the selected gates let through. */
function readOut({ planes, selected, X }: PlaneScene): string {
  const asked = selected.flatMap((plane) => planes[plane] ?? []);
  const [plane] = asked;
  if (!plane) return '<span class="muted">Choose a line to see which inputs it lets through.</span>';
  const share = `for ${formatFixed(100 * openShare(X, asked), 0)} % of the inputs`;
  const names = listed(selected.map((one) => String(one + 1)));
  if (asked.length > 1) return `<span>Half-spaces ${names}: open together ${share}</span>`;
  return `<span>Half-space ${names}: angle ${formatFixed(plane.angle, 0)}°, ${symbolHtml('b')} = ${formatFixed(plane.threshold, 2)}, open ${share}</span>`;
}
