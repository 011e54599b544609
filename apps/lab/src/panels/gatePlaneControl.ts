import type { Matrix, ProblemView } from '@ggdln/core';
import { formatFixed } from '@ggdln/plot';
import { createPlate } from '../charts/plate.ts';
import { type HalfPlane, type HalfPlanes, openShare, tidyAngle, tidyThreshold } from './gateModel.ts';
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
import { symbolHtml } from './words.ts';

/** How near in px a pointer takes hold of a handle or a line. */
const GRIP = 14;
const LINE_GRIP = 8;
const windows = new WeakMap<Matrix, ReturnType<typeof planeWindow>>();

/** The plane with its lines, and everything that moves them: pointer, keys, buttons. */
export function mountGatePlane(host: PanelHost): { show(scene: Scene, planes: HalfPlanes | undefined): void } {
  const { root, document, context } = host;
  const keys =
    'Left and right arrows turn the gate, plus and minus shift it, up and down choose another, N adds one, Delete removes it';
  const plate = createPlate(document, { keys, className: 'grab' });
  root.append(plate.element);
  const read = append(root, 'div', 'read');
  const actions = append(root, 'div', 'gate-actions');
  setHtml(
    actions,
    '<button type="button" class="btn small" data-act="add">Add a gate</button><button type="button" class="btn small" data-act="remove">Remove it</button>',
  );
  let drawn: PlaneScene | undefined;
  let offset = 0;
  /** Lines as they were set here, until a run with them arrives. */
  let edited: { readonly planes: readonly HalfPlane[]; readonly before: ProblemView | undefined } | undefined;
  let held: Handle | undefined;

  const choose = (plane: number) =>
    context.selection.set({ ...context.selection.get(), gates: [plane + offset], pinned: true });
  const set = (planes: readonly HalfPlane[], passing: boolean) => {
    const tidy = planes.map(({ angle, threshold }) => ({
      angle: tidyAngle(angle),
      threshold: tidyThreshold(threshold),
    }));
    edited = { planes: tidy, before: context.view.get().problem };
    const changes = {
      'gating.angles': tidy.map(({ angle }) => angle),
      'gating.thresholds': tidy.map(({ threshold }) => threshold),
    };
    context.edit(changes, { passing });
    host.redraw();
  };
  const replace = (m: number, plane: HalfPlane, passing: boolean) => {
    if (drawn)
      set(
        drawn.planes.map((one, k) => (k === m ? plane : one)),
        passing,
      );
  };
  const add = (plane: HalfPlane) => {
    if (!drawn) return;
    choose(drawn.planes.length);
    set([...drawn.planes, plane], false);
  };
  const remove = () => {
    if (!drawn || drawn.chosen === undefined || drawn.planes.length < 2) return;
    const { chosen, planes } = drawn;
    choose(Math.max(0, chosen - 1));
    set(
      planes.filter((_, m) => m !== chosen),
      false,
    );
  };
  host.listen(actions, 'click', (event) => {
    const act = event.target instanceof HTMLElement ? event.target.dataset.act : undefined;
    if (act === 'add') add({ angle: 45 * (drawn?.planes.length ?? 0), threshold: 0 });
    if (act === 'remove') remove();
  });
  listenToPointer(host, plate, {
    scene: () => drawn,
    choose,
    replace,
    add,
    hold: (handle) => (held = handle),
    held: () => held,
  });
  listenToKeys(host, plate.element, { scene: () => drawn, choose, replace, add, remove });

  return {
    show({ view, selection, palette, width }, planes) {
      for (const element of [plate.element, read]) element.hidden = planes === undefined;
      actions.hidden = planes?.editable !== true;
      const { problem } = view;
      if (!planes || !problem) return;
      if (edited && edited.before !== problem && !held) edited = undefined;
      offset = planes.offset;
      const shown = edited?.planes ?? planes.planes;
      const first = selection.gates?.map((gate) => gate - offset).find((gate) => gate >= 0 && gate < shown.length);
      const chosen = first ?? (planes.editable ? 0 : undefined);
      const window = windows.get(problem.trainX) ?? planeWindow([problem.trainX]);
      windows.set(problem.trainX, window);
      const size = Math.min(width, 340);
      drawn = {
        planes: shown,
        chosen,
        editable: planes.editable,
        X: problem.trainX,
        Y: problem.trainY,
        window,
        size,
        palette,
      };
      const sentence = `${shown.length} half-planes over ${problem.trainX.rows} inputs.`;
      plate.show({ width: size, height: size, svg: planePicture(drawn), sentence });
      setHtml(read, readOut(shown, chosen, problem.trainX));
    },
  };
}

interface Controls {
  readonly scene: () => PlaneScene | undefined;
  readonly choose: (plane: number) => void;
  readonly replace: (m: number, plane: HalfPlane, passing: boolean) => void;
  readonly add: (plane: HalfPlane) => void;
}

function listenToPointer(
  host: PanelHost,
  plate: ReturnType<typeof createPlate>,
  {
    scene,
    choose,
    replace,
    add,
    hold,
    held,
  }: Controls & { hold(handle: Handle | undefined): void; held(): Handle | undefined },
): void {
  const grip = (at: readonly [number, number]): Handle | undefined => {
    const drawn = scene();
    if (!drawn) return undefined;
    const handle = handlesOf(drawn).find(({ x, y }) => Math.hypot(x - at[0], y - at[1]) <= GRIP);
    if (handle) return handle;
    const line = nearestPlane(drawn, at);
    return line && line.distance <= LINE_GRIP
      ? { plane: line.plane, kind: 'threshold', x: at[0], y: at[1] }
      : undefined;
  };
  const move = (event: PointerEvent, passing: boolean) => {
    const [drawn, handle] = [scene(), held()];
    const plane = handle ? drawn?.planes[handle.plane] : undefined;
    if (drawn && handle && plane)
      replace(handle.plane, movedPlane(plane, handle.kind, drawn, plate.at(event)), passing);
  };
  let moved = false;
  host.listen(plate.element, 'pointerdown', (event) => {
    const handle = grip(plate.at(event));
    if (!handle) return;
    choose(handle.plane);
    if (!scene()?.editable) return;
    moved = false;
    hold(handle);
    plate.element.setPointerCapture?.(event.pointerId);
    event.preventDefault();
    plate.element.focus({ preventScroll: true });
  });
  host.listen(plate.element, 'pointermove', (event) => {
    if (held()) {
      moved = true;
      move(event, true);
    } else plate.element.style.cursor = grip(plate.at(event)) ? 'grab' : 'default';
  });
  const release = (event: PointerEvent) => {
    if (!held()) return;
    if (moved) move(event, false);
    hold(undefined);
  };
  host.listen(plate.element, 'pointerup', release);
  host.listen(plate.element, 'pointercancel', release);
  host.listen(plate.element, 'dblclick', (event) => {
    const drawn = scene();
    if (!drawn?.editable || grip(plate.at(event))) return;
    const [u, v] = pointAt(drawn.window, drawn.size, plate.at(event));
    const angle = Math.atan2(v, u);
    add({ angle: (angle * 180) / Math.PI, threshold: Math.hypot(u, v) });
  });
}

function listenToKeys(
  host: PanelHost,
  element: HTMLElement,
  { scene, choose, replace, add, remove }: Controls & { remove(): void },
): void {
  host.listen(element, 'keydown', (event) => {
    const drawn = scene();
    if (!drawn || event.ctrlKey || event.metaKey || event.altKey) return;
    const { planes, chosen = 0, editable, window } = drawn;
    const plane = planes[chosen];
    const factor = event.shiftKey ? 10 : 1;
    const turn = { ArrowLeft: 1, ArrowRight: -1 }[event.key];
    const shift = { '+': 1, '=': 1, '-': -1, '−': -1 }[event.key];
    const next = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const acts: (() => void) | undefined =
      next !== undefined
        ? () => choose((chosen + next + planes.length) % planes.length)
        : !editable || !plane
          ? undefined
          : turn !== undefined
            ? () => replace(chosen, { ...plane, angle: plane.angle + turn * factor }, false)
            : shift !== undefined
              ? () => replace(chosen, { ...plane, threshold: plane.threshold + 0.01 * shift * window.side }, false)
              : event.key === 'n'
                ? () => add({ angle: plane.angle + 60, threshold: 0 })
                : event.key === 'Delete' || event.key === 'Backspace'
                  ? remove
                  : undefined;
    if (!acts) return;
    event.preventDefault();
    event.stopPropagation();
    acts();
  });
}

function readOut(planes: readonly HalfPlane[], chosen: number | undefined, X: Matrix): string {
  const plane = chosen === undefined ? undefined : planes[chosen];
  if (!plane || chosen === undefined)
    return '<span class="muted">Choose a line to see which inputs it lets through.</span>';
  const open = `open for ${formatFixed(100 * openShare(X, plane), 0)} % of the inputs`;
  return `<span>Half-space ${chosen + 1}: angle ${formatFixed(plane.angle, 0)}°, ${symbolHtml('b')} = ${formatFixed(plane.threshold, 2)}, ${open}</span>`;
}
