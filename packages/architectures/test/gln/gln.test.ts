import { createRandom, type NetworkDimensions } from '@ggdln/core';
import { createMlMatrixBackend, matrix } from '@ggdln/linalg';
import { testArchitecture } from '@ggdln/plugin-testkit';
import { describe, expect, it } from 'vitest';
import { architecturesPlugin, createGln, type GlnOptions, isGln } from '../../src/index.ts';

const entry = architecturesPlugin.architecture!.gln;
testArchitecture('gln', entry, { options: { width: 3, contextBits: 2 }, gates: [1] });
testArchitecture('gln of two layers and two outputs', entry, {
  options: { depth: 2, widths: [2, 3], contextBits: 1, coding: 'zero-one' },
  gates: [1, 1],
  outputs: 2,
});
testArchitecture('gln without contexts', entry, { options: { width: 2, contextBits: 0 }, gates: [1] });
testArchitecture('gaussian gln', entry, {
  options: { kind: 'gaussian', width: 6, contextBits: 1, standardise: false, offsetDeviation: 0.5 },
  gates: [1],
  outputs: 2,
});

const defaults: GlnOptions = {
  depth: 1,
  width: 4,
  kind: 'bernoulli',
  coding: 'plus-minus',
  contextBits: 2,
  offsetDeviation: 0.1,
  epsilon: 0.01,
  varianceMin: 0.01,
  targetRange: 2,
  standardise: true,
};
const linalg = createMlMatrixBackend();
const sizes = (outputs: number, inputs = 5): NetworkDimensions => ({ inputs, outputs, gates: [1] });
const on = (rows: number) => matrix(rows, 1, new Float64Array(rows).fill(1));
const X = matrix(6, 5, createRandom(3).fillGaussian(new Float64Array(30)));

describe('createGln', () => {
  it('says the same of targets 0 and 1 and of targets −1 and 1: 2p − 1', () => {
    const start = createGln(defaults).start(sizes(3), createRandom(1));
    const inputs = { X, gates: [on(6)] };
    const p = createGln({ ...defaults, coding: 'zero-one' }).predict(start, inputs, linalg).data;
    const f = createGln(defaults).predict(start, inputs, linalg).data;
    expect(f).toEqual(p.map((value) => 2 * value - 1));
    expect(Math.min(...p)).toBeGreaterThanOrEqual(0.01);
    expect(Math.max(...p)).toBeLessThanOrEqual(0.99);
  });

  it('does not see offsets and scales of an input that it standardises, and does where it does not', () => {
    const moved = matrix(
      6,
      5,
      X.data.map((value, i) => (2 + Math.floor(i / 5)) * value + 3),
    );
    for (const [standardise, same] of [
      [true, true],
      [false, false],
    ] as const) {
      const gln = createGln({ ...defaults, standardise });
      const start = gln.start(sizes(1), createRandom(1));
      const [a, b] = [X, moved].map((inputs) => gln.predict(start, { X: inputs, gates: [on(6)] }, linalg).data);
      expect(a.every((value, i) => Math.abs(value - b[i]) < 1e-12)).toBe(same);
    }
  });

  it('is the expert where weights copy one input: σ(x̃) of that entry', () => {
    const gln = createGln({ ...defaults, width: 1, contextBits: 0, epsilon: 1e-9, standardise: false });
    const copy = { W1: Float64Array.of(0, 0, 1, 0, 0, 0), W2: Float64Array.of(0, 1) };
    const f = gln.predict(copy, { X, gates: [on(6)] }, linalg).data;
    for (let row = 0; row < 6; row++) expect(f[row]).toBeCloseTo(Math.tanh(X.data[row * 5 + 1] / 2), 12);
  });

  it('draws half-spaces of their own for each output, from the stream alone', () => {
    const gln = createGln(defaults);
    const [start, again] = [gln.start(sizes(2), createRandom(1)), gln.start(sizes(2), createRandom(1))];
    expect(Object.keys(start)).toEqual(Object.keys(gln.shapes(sizes(2))));
    expect(again).toEqual(start);
    expect(start['0/V1']).not.toEqual(start['1/V1']);
    for (let at = 0; at < start['0/V1'].length; at += 5)
      expect(Math.hypot(...start['0/V1'].subarray(at, at + 5))).toBeCloseTo(1, 12);
    expect(start['0/W1'].every((weight) => weight === 1 / 6)).toBe(true);
  });

  it('is told from other architectures', () => {
    const { ggdln } = architecturesPlugin.architecture!;
    expect(isGln(createGln(defaults))).toBe(true);
    expect(isGln(ggdln.create({ depth: 1, width: 2, widths: [], sigma: 1 } as never))).toBe(false);
  });

  const start = createGln(defaults).start(sizes(1), createRandom(1));
  const inputs = { X, gates: [on(6)] };
  it.each([
    ['a kind', () => createGln({ ...defaults, kind: 'gausian' as never }), /unknown kind "gausian".*gaussian/s],
    ['a coding', () => createGln({ ...defaults, coding: 'one-zero' as never }), /unknown coding "one-zero".*zero-one/s],
    ['no hidden layer', () => createGln({ ...defaults, depth: 0 }), /depth is 0.*whole number ≥ 1/s],
    ['ε', () => createGln({ ...defaults, epsilon: 0.6 }).predict(start, inputs, linalg), /epsilon = 0.6.*below ½/s],
    [
      'bits',
      () => createGln({ ...defaults, contextBits: -1 }).start(sizes(1), createRandom(1)),
      /contextBits = -1.*≥ 0/s,
    ],
    [
      'two inputs to standardise',
      () => createGln(defaults).shapes(sizes(1, 2)),
      /each input has 2 entries.*Set standardise to false/s,
    ],
    ['no outputs', () => createGln(defaults).shapes(sizes(0)), /number of outputs is 0/],
    ['several gates', () => createGln(defaults).shapes({ ...sizes(1), gates: [3] }), /a layer has 3 gates.*always-on/s],
    [
      'gates that are off',
      () => createGln(defaults).predict(start, { X, gates: [matrix(6, 1)] }, linalg),
      /gate of input 0 is 0.*always-on/s,
    ],
    [
      'gates of two layers',
      () => createGln(defaults).shapes({ ...sizes(1), gates: [1, 1] }),
      /gates are given for 2 layers, the network has 1 hidden/,
    ],
    ['no weights', () => createGln(defaults).predict({}, inputs, linalg), /no weights W1.*shapes\(\)/s],
    [
      'half-spaces of another size',
      () => createGln(defaults).predict({ ...start, V1: new Float64Array(3) }, inputs, linalg),
      /parameter V1 has 3 numbers.*4 × 2 × 5 = 40/s,
    ],
  ])('says what is wrong with %s', (_name, run, message) => {
    expect(run).toThrow(message);
  });
});
