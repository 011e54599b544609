import { createGgdln, createMlp, drawPrior } from '@ggdln/architectures';
import { createRandom } from '@ggdln/core';
import { sampleProblem } from '@ggdln/plugin-testkit';
import { describe, expect, it } from 'vitest';
import { createStepper } from '../../src/index.ts';
import { linalg } from './problems.ts';

// More than one block of noise, and not a whole number of them.
const network = createGgdln({ depth: 1, width: 700, sigma: 1 });
const { train } = sampleProblem(network);
const program = network.gradient<Float32Array>(
  { inputs: { X: train.X, gates: train.gates }, targets: train.Y },
  Float32Array,
  linalg,
);
const start = () => {
  const { a, W1 } = drawPrior(network, { inputs: 6, gates: [3], outputs: 1 }, createRandom(1));
  return Float32Array.from([...a, ...W1]);
};

describe('createStepper', () => {
  it('moves against the gradient, with decay, and adds noise of the right size to every weight', () => {
    const before = start();
    const gradient = new Float32Array(before.length);
    const energy = program.evaluate(before, gradient);
    const theta = start();
    const step = createStepper<Float32Array>({ program, theta, stepSize: 0.01, decay: 0.5 });
    expect(step()).toBe(energy);
    theta.forEach((w, i) => {
      expect(w).toBeCloseTo(before[i] - 0.01 * (gradient[i] + 0.5 * before[i]), 5);
    });
    const noisy = start();
    const rng = createRandom(2);
    createStepper<Float32Array>({ program, theta: noisy, stepSize: 0.01, decay: 0.5, temperature: 0.3, rng })();
    const expected = createRandom(2).fillGaussian(new Float32Array(4096), Math.sqrt(0.006));
    expect(noisy[4095] - theta[4095]).toBeCloseTo(expected[4095], 5);
    const squares = noisy.reduce((sum, w, i) => sum + (w - theta[i]) ** 2, 0) / noisy.length;
    expect(Math.abs(squares / 0.006 - 1)).toBeLessThan(5 * Math.sqrt(2 / noisy.length));
    expect(noisy.every((w, i) => w !== theta[i])).toBe(true);
  });

  it('moves as far in one go where the program can', () => {
    const relu = createMlp({ depth: 2, width: 30, sigma: 1, activation: 'relu' });
    const problem = sampleProblem(relu, { gates: [1, 1] });
    const examples = { inputs: { X: problem.train.X, gates: problem.train.gates }, targets: problem.train.Y };
    const fused = relu.gradient(examples, Float64Array, linalg);
    const { descend: _, ...plain } = fused;
    const [here, there] = [fused, plain].map((made) => {
      const weights = createRandom(1).fillGaussian(new Float64Array(made.size));
      const dynamics = { stepSize: 0.01, decay: 0.5, temperature: 0.3, rng: createRandom(2) };
      const step = createStepper<Float64Array>({ program: made, theta: weights, ...dynamics });
      return { energies: [step(), step(), step()], weights };
    });
    for (const [i, energy] of here.energies.entries()) expect(energy / there.energies[i]).toBeCloseTo(1, 12);
    for (const [i, w] of here.weights.entries()) expect(w).toBeCloseTo(there.weights[i], 12);
  });

  it('lowers the loss', () => {
    const step = createStepper<Float32Array>({ program, theta: start(), stepSize: 0.005 });
    const energies = Array.from({ length: 30 }, step);
    for (let i = 1; i < 30; i++) expect(energies[i]).toBeLessThan(energies[i - 1]);
  });

  it('refuses noise without a stream and weights that do not fit', () => {
    const theta = start();
    expect(() => createStepper<Float32Array>({ program, theta, stepSize: 1, temperature: 1 })).toThrow('without rng');
    expect(() => createStepper<Float32Array>({ program, theta: theta.slice(1), stepSize: 1 })).toThrow(
      `theta has ${theta.length - 1} numbers. The network has ${theta.length} weights`,
    );
  });
});
