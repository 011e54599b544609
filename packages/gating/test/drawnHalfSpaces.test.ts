import { createRandom } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { drawnHalfSpaceGates, drawnHalfSpaces, gateReport } from '../src/index.ts';
import { randomInputs } from './samples.ts';

const X = randomInputs(4000, 2, 5);
const context = { rng: createRandom(1) };

describe('drawnHalfSpaces', () => {
  it('opens on the side that the angle points to, beyond the threshold', () => {
    const points = matrix(5, 2, Float64Array.of(0.4, 9, 0.6, -9, -1, 0, 0, 0, 0.5, 1));
    const state = { angles: [0, 90], thresholds: [0.5, 0], alwaysOn: false };
    expect(Array.from(drawnHalfSpaceGates(state, points).values.data)).toEqual([0, 1, 1, 0, 0, 0, 0, 0, 0, 1]);
  });

  it('turns as the inputs turn', () => {
    const turn = (degrees: number) => {
      const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
      const turned = X.data.slice();
      for (let i = 0; i < X.rows; i++) {
        turned[2 * i] = c * X.data[2 * i] - s * X.data[2 * i + 1];
        turned[2 * i + 1] = s * X.data[2 * i] + c * X.data[2 * i + 1];
      }
      return matrix(X.rows, 2, turned);
    };
    const at = (shift: number) => ({ angles: [10 + shift, 200 + shift], thresholds: [0.3, -0.2], alwaysOn: true });
    expect(drawnHalfSpaceGates(at(37), turn(37)).values).toEqual(drawnHalfSpaceGates(at(0), X).values);
  });

  it('has opposite gates that share no input and leave none out', () => {
    const { values } = drawnHalfSpaceGates({ angles: [33, 213], thresholds: [0.2, -0.2], alwaysOn: false }, X);
    for (let i = 0; i < X.rows; i++) expect(values.data[2 * i] + values.data[2 * i + 1]).toBe(1);
  });

  it('opens the share of normal inputs that the threshold leaves: 1 − Φ(b)', () => {
    const gates = drawnHalfSpaceGates({ angles: [71, 5], thresholds: [0, 1], alwaysOn: false }, X);
    const shares = gateReport(gates).gates.map(({ open }) => open);
    // Four standard errors of 4000 draws.
    expect(Math.abs(shares[0] - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 4000));
    expect(Math.abs(shares[1] - 0.158655)).toBeLessThan(4 * Math.sqrt((0.158655 * 0.841345) / 4000));
  });

  it('takes one threshold for all, and names gates as other half-spaces do', async () => {
    const gating = drawnHalfSpaces({ angles: [0, 120, 240], thresholds: [0.5] });
    const state = await gating.fit(X, context);
    expect(state).toEqual({ angles: [0, 120, 240], thresholds: [0.5, 0.5, 0.5], alwaysOn: true });
    expect(gating.gates(state, X).names).toEqual(['always on', 'half-space 1', 'half-space 2', 'half-space 3']);
  });

  it('says what it can’t draw', () => {
    expect(() => drawnHalfSpaces({ angles: [] })).toThrow('there are no angles. Give one a gate');
    expect(() => drawnHalfSpaces({ angles: [0, 1, 2], thresholds: [0, 1] })).toThrow('3 angles and 2 thresholds');
    expect(() => drawnHalfSpaces({ angles: [0, Number.NaN] })).toThrow('an angle or threshold is NaN');
    const gating = drawnHalfSpaces({ angles: [0] });
    expect(() => gating.fit(randomInputs(5, 49), context)).toThrow(
      'X is 5 × 49, but half-spaces are drawn in a plane. Use data of dimension 2, e.g. noisy-teacher with inputs: 2',
    );
  });
});
