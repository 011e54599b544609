// @vitest-environment jsdom
import { createRandom, type Matrix } from '@ggdln/core';
import { drawHalfSpaces, drawnHalfSpaceGates, halfSpaceGates } from '@ggdln/gating';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { paletteOf } from '../src/charts/palette.ts';
import { gateCoincidence, halfPlanesOf, openShare, tidyAngle } from '../src/panels/gateModel.ts';
import { gatePanel } from '../src/panels/gatePanel.ts';
import { handlesOf, movedPlane, nearestPlane, type PlaneScene, pointAt } from '../src/panels/gatePlane.ts';
import { recordedView } from '../src/panels/recorded.ts';
import { runOf, testContext } from './panelsSupport.ts';

const X: Matrix = { rows: 200, cols: 2, data: createRandom(1).fillGaussian(new Float64Array(400)) };
let plane = runOf([]);
beforeAll(async () => {
  plane = await recordedView('plane');
});

const shareOf = (gates: Matrix, column: number) =>
  Array.from({ length: gates.rows }, (_, i) => gates.data[i * gates.cols + column]).reduce((a, b) => a + b, 0) /
  gates.rows;

describe('half-planes', () => {
  it('of random half-spaces are open where the gates are', () => {
    const state = drawHalfSpaces(X, { gates: 5, threshold: 0.3 }, createRandom(2));
    const Y = { rows: 200, cols: 1, data: new Float64Array(200) };
    const problem = {
      ...{ trainX: X, trainY: Y, testX: X, testY: Y, trainGates: [], testGates: [], gateNames: [] },
      ...{ gatingStates: [{ ...state }], trainSize: 200, testSize: 200, provenance: {} },
    };
    const found = halfPlanesOf(runOf([], { problem }), 0);
    const gates = halfSpaceGates(state, X).values;
    expect(found).toMatchObject({ offset: 1, editable: false });
    for (const [m, one] of found?.planes.entries() ?? []) {
      expect(openShare(X, [one])).toBeCloseTo(shareOf(gates, m + 1), 12);
    }
  });

  it('set by hand are open where the gates are, and can be edited', () => {
    const found = halfPlanesOf(plane, 0);
    expect(found).toMatchObject({ offset: 1, editable: true });
    const planes = found?.planes ?? [];
    const state = {
      angles: planes.map(({ angle }) => angle),
      thresholds: planes.map(({ threshold }) => threshold),
      alwaysOn: false,
    };
    const gates = drawnHalfSpaceGates(state, X).values;
    for (const [m, one] of planes.entries()) expect(openShare(X, [one])).toBeCloseTo(shareOf(gates, m), 12);
  });

  it('are not made for inputs of other dimensions', async () => {
    expect(halfPlanesOf(await recordedView('images'), 0)).toBeUndefined();
  });
});

describe('handles', () => {
  const scene: PlaneScene = {
    ...{ planes: [{ angle: 30, threshold: 0.4 }], chosen: 0, selected: [0], editable: true, X, Y: X, size: 300 },
    window: { low: [-2, -2], side: 4 },
    palette: paletteOf('light'),
  };

  it('put the line through where they are moved', () => {
    for (const kind of ['threshold', 'angle'] as const) {
      const at = [210, 90] as const;
      const moved = movedPlane(scene.planes[0], kind, scene, at);
      const after = { ...scene, planes: [moved] };
      const [u, v] = pointAt(scene.window, scene.size, at);
      const radians = (moved.angle * Math.PI) / 180;
      if (kind === 'threshold') expect(nearestPlane(after, at)?.distance).toBeCloseTo(0, 8);
      // The normal's end lies on the normal: straight out from the line's own middle handle.
      else expect(u * Math.cos(radians) + v * Math.sin(radians)).toBeGreaterThan(moved.threshold);
    }
  });

  it('turn the line about its middle, which stays', () => {
    const middle = handlesOf(scene).find(({ kind }) => kind === 'threshold');
    const moved = movedPlane(scene.planes[0], 'angle', scene, [150, 30]);
    expect(nearestPlane({ ...scene, planes: [moved] }, [middle?.x ?? 0, middle?.y ?? 0])?.distance).toBeCloseTo(0, 8);
  });
});

describe('the panel of gates', () => {
  const open = () => {
    const element = document.createElement('div');
    document.body.append(element);
    const context = testContext(plane, { gates: [2], pinned: true });
    const dispose = gatePanel.mount(element, context);
    const press = (key: string, more = {}) =>
      element
        .querySelector('.chart.grab')
        ?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...more }));
    return { element, context, dispose, press };
  };

  it('outlines the inputs that pass both gates of a cell of U', async () => {
    const { element, context, dispose } = open();
    const rings = () => element.querySelectorAll('svg circle[r="6"][fill="none"]').length;
    const X = plane.problem?.trainX;
    if (!X) throw new Error('no inputs');
    const planes = halfPlanesOf(plane, 0)?.planes ?? [];
    const passing = (...gates: readonly number[]) =>
      Array.from({ length: X.rows }, (_, i) => i).filter((i) =>
        gates.every((gate) => {
          const radians = (planes[gate].angle * Math.PI) / 180;
          return X.data[2 * i] * Math.cos(radians) + X.data[2 * i + 1] * Math.sin(radians) > planes[gate].threshold;
        }),
      ).length;
    const offset = halfPlanesOf(plane, 0)?.offset ?? 0;
    context.selection.set({ gates: [offset, offset + 1] });
    await vi.waitFor(() => expect(element.textContent).toMatch(/Half-spaces 1 and 2: open together for \d+ %/), 20_000);
    expect(rings()).toBe(passing(0, 1));
    expect(passing(0, 1)).toBeGreaterThan(0);
    expect(passing(0, 1)).toBeLessThan(Math.min(passing(0), passing(1)));
    context.selection.set({ gates: [offset + 2] });
    await vi.waitFor(() => expect(element.textContent).toContain('Half-space 3:'), 20_000);
    expect(rings()).toBe(passing(2));
    dispose();
  });

  it('turns, shifts, adds and removes by keys', () => {
    const { context, dispose, press } = open();
    const edited = () => context.edits[context.edits.length - 1].changes;
    press('ArrowLeft');
    expect(edited()['gating.angles']).toEqual([100, 39, -25]);
    expect(edited()['gating.thresholds']).toEqual([0.1, 0.3, -0.5]);
    dispose();
  });

  it('adds by n and removes by Delete', () => {
    const one = open();
    one.press('n');
    expect(one.context.edits[0].changes['gating.angles']).toEqual([100, 38, -25, 98]);
    one.dispose();
    const other = open();
    other.press('Delete');
    expect(other.context.edits[0]).toEqual({
      changes: { 'gating.angles': [100, -25], 'gating.thresholds': [0.1, -0.5] },
      passing: false,
    });
    other.dispose();
  });

  it('tells with Shift tenfold, and keeps the keys of the page to itself', () => {
    const { context, dispose, press, element } = open();
    let reached = 0;
    element.addEventListener('keydown', () => reached++);
    press('ArrowRight', { shiftKey: true });
    expect(context.edits[0].changes['gating.angles']).toEqual([100, 28, -25]);
    expect(reached).toBe(0);
    dispose();
  });
});

describe('gates in numbers', () => {
  it('coincide with themselves as often as they are open', () => {
    const gates = halfSpaceGates(drawHalfSpaces(X, { gates: 4 }, createRandom(5)), X).values;
    const both = gateCoincidence(gates);
    for (let m = 0; m < gates.cols; m++) {
      expect(both.data[m * gates.cols + m]).toBeCloseTo(shareOf(gates, m), 12);
      // The always-on gate is open wherever another is.
      expect(both.data[m]).toBeCloseTo(shareOf(gates, m), 12);
    }
  });

  it('keep angles between −180 and 180', () => {
    expect([370, -190, 180, 12.34].map(tidyAngle)).toEqual([10, 170, -180, 12.3]);
  });
});

describe('gates that differ from place to place', () => {
  it('are those of the place that is selected', async () => {
    const problemOf = (gates: number) => {
      const state = drawHalfSpaces(X, { gates, threshold: 0 }, createRandom(2));
      const { values, names } = halfSpaceGates(state, X);
      const Y = { rows: 200, cols: 1, data: new Float64Array(200) };
      return {
        ...{ trainX: X, trainY: Y, testX: X, testY: Y, trainGates: [values], testGates: [values], gateNames: [names] },
        ...{ gatingStates: [{ ...state }], trainSize: 200, testSize: 200, provenance: {} },
      };
    };
    const run = runOf([
      ['theory', 2, 1, null],
      ['theory', 5, 1, null],
    ]);
    const points = run.points.map((point, i) => (i === 1 ? { ...point, problem: problemOf(5) } : point));
    const context = testContext({ ...run, points, problem: problemOf(2) }, { x: 2 });
    const element = document.body.appendChild(document.createElement('div'));
    const dispose = gatePanel.mount(element, context);
    expect(element.querySelector('.chart')?.getAttribute('aria-label')).toMatch(/^2 half-planes/);
    context.selection.set({ x: 5 });
    await vi.waitFor(() =>
      expect(element.querySelector('.chart')?.getAttribute('aria-label')).toMatch(/^5 half-planes/),
    );
    dispose();
    element.remove();
  });
});
