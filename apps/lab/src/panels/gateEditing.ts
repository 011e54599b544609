import type { PanelContext, ProblemView } from '@ggdln/core';
import { type HalfPlane, tidyAngle, tidyThreshold } from './gateModel.ts';
import type { PlaneScene } from './gatePlane.ts';

/** Lines as they are set by hand, shown until a run with them arrives. */
export interface GateEditing {
  /** The picture that hands act on; `undefined` before the first. */
  readonly scene: () => PlaneScene | undefined;
  /** Makes one gate the chosen one, everywhere on the page. */
  choose(plane: number): void;
  /** @param passing While a hand still moves. */
  replace(plane: number, line: HalfPlane, passing: boolean): void;
  add(line: HalfPlane): void;
  /** Removes the chosen gate; the last one stays. */
  remove(): void;
  /** The lines to draw: those set here, or those of the run once it has caught up. */
  current(lines: readonly HalfPlane[], holding: boolean): readonly HalfPlane[];
}

/** @param offset Columns of Φ before the first line. */
export function createGateEditing(
  context: PanelContext,
  scene: () => PlaneScene | undefined,
  offset: () => number,
  redraw: () => void,
): GateEditing {
  let edited: { readonly lines: readonly HalfPlane[]; readonly before: ProblemView | undefined } | undefined;
  const choose = (plane: number) =>
    context.selection.set({ ...context.selection.get(), gates: [plane + offset()], pinned: true });
  const set = (lines: readonly HalfPlane[], passing: boolean) => {
    const tidy = lines.map(({ angle, threshold }) => ({
      angle: tidyAngle(angle),
      threshold: tidyThreshold(threshold),
    }));
    edited = { lines: tidy, before: context.view.get().problem };
    const angles = tidy.map(({ angle }) => angle);
    const thresholds = tidy.map(({ threshold }) => threshold);
    context.edit({ 'gating.angles': angles, 'gating.thresholds': thresholds }, { passing });
    redraw();
  };
  return {
    scene,
    choose,
    replace(plane, line, passing) {
      const drawn = scene();
      if (drawn)
        set(
          drawn.planes.map((one, k) => (k === plane ? line : one)),
          passing,
        );
    },
    add(line) {
      const drawn = scene();
      if (!drawn) return;
      choose(drawn.planes.length);
      set([...drawn.planes, line], false);
    },
    remove() {
      const drawn = scene();
      const chosen = drawn?.chosen;
      if (!drawn || chosen === undefined || drawn.planes.length < 2) return;
      choose(Math.max(0, chosen - 1));
      set(
        drawn.planes.filter((_, m) => m !== chosen),
        false,
      );
    },
    current(lines, holding) {
      if (edited && edited.before !== context.view.get().problem && !holding) edited = undefined;
      return edited?.lines ?? lines;
    },
  };
}

/** What a key does to the gates; `undefined` for keys that are the page's. */
export function gateKey({ key, shiftKey }: KeyboardEvent, editing: GateEditing): (() => void) | undefined {
  const drawn = editing.scene();
  if (!drawn) return undefined;
  const { planes, chosen = 0, editable, window } = drawn;
  const next = { ArrowUp: -1, ArrowDown: 1 }[key];
  if (next !== undefined) return () => editing.choose((chosen + next + planes.length) % planes.length);
  const line = planes[chosen];
  if (!editable || !line) return undefined;
  const turn = { ArrowLeft: 1, ArrowRight: -1 }[key];
  if (turn !== undefined) {
    const angle = line.angle + turn * (shiftKey ? 10 : 1);
    return () => editing.replace(chosen, { ...line, angle }, false);
  }
  const shift = { '+': 1, '=': 1, '-': -1, '−': -1 }[key];
  if (shift !== undefined) {
    const threshold = line.threshold + 0.01 * shift * window.side;
    return () => editing.replace(chosen, { ...line, threshold }, false);
  }
  if (key === 'n') return () => editing.add({ angle: line.angle + 60, threshold: 0 });
  return key === 'Delete' || key === 'Backspace' ? () => editing.remove() : undefined;
}
