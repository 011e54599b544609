import { type Architecture, createRandom, type GatedExamples, type Matrix, type Parameters } from '@ggdln/core';
import { createMlMatrixBackend, matrix } from '@ggdln/linalg';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createDln, createGalu, createGgdln, createMlp, drawPrior } from '../../src/index.ts';
import { distance } from '../networks.ts';

const linalg = createMlMatrixBackend();

interface Case {
  readonly name: string;
  readonly network: Architecture<Tensor>;
  readonly gates: readonly number[];
}

const mlp = (depth: number, activation: 'relu' | 'erf' | 'linear') =>
  createMlp({ depth, widths: [5, 4, 6, 3, 5].slice(0, depth), sigma: 1.4, activation });
const ones = (depth: number) => new Array<number>(depth).fill(1);

/** Depths 1 to 3, unequal widths, gates that make the passes meet at different layers. */
const CASES: readonly Case[] = [
  { name: 'ggdln 1', network: createGgdln({ depth: 1, width: 5, sigma: 1.3 }), gates: [3] },
  { name: 'ggdln 1, gates > P', network: createGgdln({ depth: 1, width: 3, sigma: 1.3 }), gates: [20] },
  { name: 'ggdln 2', network: createGgdln({ depth: 2, widths: [4, 3], sigma: 1.3 }), gates: [3, 2] },
  { name: 'ggdln 2, many gates', network: createGgdln({ depth: 2, widths: [4, 3], sigma: 1.3 }), gates: [3, 12] },
  { name: 'ggdln 3', network: createGgdln({ depth: 3, widths: [3, 4, 2], sigma: 1.3 }), gates: [2, 3, 2] },
  { name: 'ggdln 3, many gates', network: createGgdln({ depth: 3, widths: [3, 4, 2], sigma: 1.3 }), gates: [6, 5, 4] },
  {
    name: 'ggdln 5',
    network: createGgdln({ depth: 5, widths: [2, 3, 2, 3, 2], sigma: 1.3 }),
    gates: [2, 1, 2, 1, 2],
  },
  { name: 'dln 1', network: createDln({ depth: 1, width: 4, sigma: 1.3 }), gates: [1] },
  { name: 'dln 5', network: createDln({ depth: 5, width: 3, sigma: 1.3 }), gates: ones(5) },
  { name: 'mlp 5 relu', network: mlp(5, 'relu'), gates: ones(5) },
  { name: 'dln 2', network: createDln({ depth: 2, widths: [4, 3], sigma: 1.3 }), gates: [1, 1] },
  { name: 'galu', network: createGalu({ sigma: 0.8 }), gates: [6] },
  ...([1, 2, 3] as const).flatMap((depth) =>
    (['relu', 'erf', 'linear'] as const).map((activation) => ({
      name: `mlp ${depth} ${activation}`,
      network: mlp(depth, activation),
      gates: ones(depth),
    })),
  ),
];

interface Made {
  readonly examples: GatedExamples;
  readonly parameters: Parameters;
  readonly theta: Float64Array;
}

function make({ name, network, gates }: Case, outputs: number): Made {
  const rng = createRandom(`${name} ${outputs}`);
  const normal = (rows: number, cols: number) => matrix(rows, cols, rng.fillGaussian(new Float64Array(rows * cols)));
  const linear = network.family === 'ggdln' || network.family === 'galu';
  const gate = (count: number): Matrix => (linear ? normal(7, count) : matrix(7, count, new Float64Array(7).fill(1)));
  const inputs = { X: normal(7, 4), gates: gates.map(gate) };
  const dimensions = { inputs: 4, gates, outputs };
  const parameters = drawPrior(network, dimensions, rng);
  const theta = Float64Array.from(Object.keys(network.shapes(dimensions)).flatMap((key) => [...parameters[key]]));
  return { examples: { inputs, targets: normal(7, outputs) }, parameters, theta };
}

describe.each(CASES)('gradient program, $name', (given) => {
  const gradient = given.network.gradient!;

  it.each([1, 3])('computes what predict computes, %i outputs', (outputs) => {
    const { examples, parameters, theta } = make(given, outputs);
    const program = gradient<Float64Array>(examples, Float64Array, linalg);
    expect(program.size).toBe(theta.length);
    const exact = given.network.predict(parameters, examples.inputs, linalg);
    expect([exact.rows, exact.cols]).toEqual([7, outputs]);
    expect(distance(program.outputs(theta), exact.data)).toBeLessThan(1e-13 * Math.max(...exact.data.map(Math.abs)));
    let energy = 0;
    exact.data.forEach((f, i) => {
      energy += 0.5 * (f - examples.targets.data[i]) ** 2;
    });
    expect(program.evaluate(theta, new Float64Array(theta.length)) / energy).toBeCloseTo(1, 12);
  });

  it.each([1, 3])('has the gradient of its energy: central differences in every weight, %i outputs', (outputs) => {
    const { examples, theta } = make(given, outputs);
    const program = gradient<Float64Array>(examples, Float64Array, linalg);
    const found = new Float64Array(theta.length);
    const energy = program.evaluate(theta, found);
    const scratch = new Float64Array(theta.length);
    const largest = Math.max(...found.map(Math.abs));
    for (let i = 0; i < theta.length; i++) {
      const at = (delta: number) => program.evaluate(theta.with(i, theta[i] + delta), scratch);
      const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
      expect(Math.abs(slope - found[i]), `weight ${i}`).toBeLessThan(1e-8 * Math.max(largest, energy));
    }
  });

  it('agrees with itself in float32, to rounding, and gives the same bits again', () => {
    const { examples, theta } = make(given, 2);
    const exact = new Float64Array(theta.length);
    const energy = gradient<Float64Array>(examples, Float64Array, linalg).evaluate(theta, exact);
    const program = gradient<Float32Array>(examples, Float32Array, linalg);
    const found = new Float32Array(theta.length);
    const single = Float32Array.from(theta);
    expect(program.evaluate(single, found) / energy).toBeCloseTo(1, 5);
    expect(distance(found, exact)).toBeLessThan(1e-5 * Math.max(...exact.map(Math.abs)));
    const again = new Float32Array(theta.length);
    program.evaluate(
      single.map((w) => 2 * w),
      again,
    );
    program.evaluate(single, again);
    expect(again).toEqual(found);
  });

  it('lets NaN of either sign and infinity through to the loss', () => {
    const { examples, theta } = make(given, 1);
    const program = gradient<Float32Array>(examples, Float32Array, linalg);
    const scratch = new Float32Array(theta.length);
    for (const word of [0x7fc00000, 0xffc00000]) {
      const bad = Float32Array.from(theta);
      new Uint32Array(bad.buffer).fill(word, theta.length - 4);
      expect(program.evaluate(bad, scratch)).toBeNaN();
    }
    const huge = Float32Array.from(theta, (w) => 1e38 * w);
    if (!given.name.endsWith('erf')) {
      expect(program.evaluate(huge, scratch)).not.toBeLessThan(1e30);
    }
  });

  it('refuses weights, gradients and targets of another size, and leaves what it reads as it is', () => {
    const { examples, theta } = make(given, 1);
    const program = gradient<Float64Array>(examples, Float64Array, linalg);
    expect(() => program.outputs(theta.subarray(1))).toThrow(
      `given are ${theta.length - 1} weights. This network has ${theta.length} numbers in each`,
    );
    expect(() => program.evaluate(theta, new Float64Array(1))).toThrow('weights and a gradient of 1.');
    expect(() => gradient<Float64Array>({ ...examples, targets: matrix(6, 1) }, Float64Array, linalg)).toThrow(
      'the targets (P × C) is 6 × 1. It should be 7 × 1',
    );
    const read = [theta, examples.targets.data, examples.inputs.X.data, ...examples.inputs.gates.map((g) => g.data)];
    const before = read.map((data) => data.slice());
    program.evaluate(theta, new Float64Array(theta.length));
    expect(read).toEqual(before);
  });
});
