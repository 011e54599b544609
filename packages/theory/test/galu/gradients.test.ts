import { createRandom } from '@ggdln/core';
import { type Matrix, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  type DeepGaluNetwork,
  deepGalu,
  deepGaluGradients,
  type GaluGateKind,
  galuGradients,
  galuLandscape,
  galuMap,
  galuMinimumNorm,
  type TrainableGalu,
} from '../../src/galu/index.ts';
import { distance, gaussianMatrix, scaled } from '../helpers.ts';
import { at, differences, linalg, randomGalu } from './helpers.ts';

const { X, y, network } = randomGalu({ seed: 4, m: 12, d: 3, k: 4 });
const { U } = network;
const rng = createRandom(8);
const W = gaussianMatrix(rng, 4, 3);
const alpha = rng.fillGaussian(new Float64Array(4));
const problem = { X, y: y.data };

const like = (shape: Matrix, data: Float64Array): Matrix => matrix(shape.rows, shape.cols, data);

describe('trainable gates', () => {
  const run = (gate: GaluGateKind, weights: TrainableGalu = { U, W, alpha }, beta = 1.7) =>
    galuGradients(problem, weights, { gate, beta, scale: 0.5 }, linalg);

  it('have the gradients of the loss where the loss has any', () => {
    const soft = run('sigmoid');
    const step = 1e-5;
    const byW = differences(W.data, (data) => run('sigmoid', { U, W: like(W, data), alpha }).loss, step);
    const byU = differences(U.data, (data) => run('sigmoid', { U: like(U, data), W, alpha }).loss, step);
    const byAlpha = differences(alpha, (data) => run('sigmoid', { U, W, alpha: data }).loss, step);
    expect(distance(soft.W.data, byW)).toBeLessThan(1e-8);
    expect(distance(soft.U.data, byU)).toBeLessThan(1e-8);
    expect(distance(soft.alpha, byAlpha)).toBeLessThan(1e-8);
    for (const gate of ['hard-fixed', 'straight-through'] as const) {
      const hard = run(gate);
      const hardW = differences(W.data, (data) => run(gate, { U, W: like(W, data), alpha }).loss, step);
      expect(distance(hard.W.data, hardW)).toBeLessThan(1e-8);
      expect(
        distance(
          hard.alpha,
          differences(alpha, (data) => run(gate, { U, W, alpha: data }).loss),
        ),
      ).toBeLessThan(1e-8);
    }
  });

  it('have a surrogate gradient when straight-through: the hard loss itself is flat in U', () => {
    const flat = differences(U.data, (data) => run('straight-through', { U: like(U, data), W, alpha }).loss);
    expect(Math.max(...flat.map(Math.abs))).toBe(0);
    expect(Math.max(...run('straight-through').U.data.map(Math.abs))).toBeGreaterThan(0.01);
    expect(Math.max(...run('hard-fixed').U.data.map(Math.abs))).toBe(0);
    expect(run('straight-through').W).toEqual(run('hard-fixed').W);
  });

  it('are hard for β → ∞ and leave half of a linear model at β = 0', () => {
    expect(distance(run('sigmoid', { U, W, alpha }, 1e6).output, run('hard-fixed').output)).toBeLessThan(1e-12);
    const map = galuMap(X, { U, alpha, scale: 0.5 }, linalg);
    expect(distance(run('hard-fixed').output, map.forward(matrix(1, 12, W.data)).data)).toBeLessThan(1e-14);
    const open = galuMap(X, { U, alpha, scale: 0.25, gateBias: new Float64Array(4).fill(1e9) }, linalg);
    expect(distance(run('sigmoid', { U, W, alpha }, 0).output, open.forward(matrix(1, 12, W.data)).data)).toBeLessThan(
      1e-14,
    );
  });

  it.each([
    [() => run('sigmoid', { U, W: matrix(4, 2), alpha }), /W \(k × d\) is 4 × 2\. It should be 4 × 3/],
    [() => run('sigmoid', { U, W, alpha: new Float64Array(3) }), /alpha \(k\) is 3 × 1\. It should be 4 × 1/],
    [() => run('sigmoid', { U, W, alpha }, -1), /beta is -1\. Give a finite number ≥ 0/],
    [() => galuGradients(problem, { U, W, alpha }, { gate: 'sigmoid', scale: Infinity }, linalg), /scale is Infinity/],
    [() => galuGradients({ X, y: alpha }, { U, W, alpha }, { gate: 'sigmoid' }, linalg), /y \(m\) is 4 × 1/],
    [
      () => galuGradients({ X: matrix(0, 3), y: new Float64Array(0) }, { U, W, alpha }, { gate: 'sigmoid' }, linalg),
      /X is 0 × 3 and U 4 × 3/,
    ],
  ])('%# refuse what does not fit', (call, message) => {
    expect(call).toThrow(message);
  });
});

describe('learned output weights', () => {
  const point = (a: Float64Array, w: Matrix) =>
    galuLandscape({ X, y, network: { U, alpha: a, scale: 0.5 } }, w, linalg);

  it('have the gradient and Hessian of the loss', () => {
    const theta = Float64Array.from([...alpha, ...W.data]);
    const split = (t: Float64Array) => point(t.slice(0, 4), matrix(4, 3, t.slice(4)));
    const { gradient, hessian, loss } = split(theta);
    expect(
      distance(
        gradient,
        differences(theta, (t) => split(t).loss),
      ),
    ).toBeLessThan(1e-8);
    for (let i = 0; i < theta.length; i++) {
      const row = hessian.data.slice(i * theta.length, (i + 1) * theta.length);
      expect(
        distance(
          row,
          differences(theta, (t) => split(t).gradient[i]),
        ),
      ).toBeLessThan(1e-7);
    }
    const [plain] = [galuGradients(problem, { U, W, alpha }, { gate: 'hard-fixed', scale: 0.5 }, linalg)];
    expect(loss).toBeCloseTo(plain.loss, 14);
    expect(distance(gradient, [...plain.alpha, ...plain.W.data])).toBeLessThan(1e-14);
  });

  it('have strict saddles where a neuron is dead, and minima where none is', () => {
    const ones = new Float64Array(4).fill(1);
    const best = galuMinimumNorm({ X, y, network: { U, scale: 0.5 } }, linalg).weights;
    const minimum = point(ones, matrix(4, 3, best.data));
    expect(minimum.loss).toBeCloseTo(minimum.globalMinimum, 12);
    expect(minimum.smallestEigenvalue).toBeGreaterThan(-1e-9);
    // The other neurons fit as well as they can: the gradient by w_0 and α_0 vanishes at α_0 = 0, w_0 = 0.
    const others = { U: matrix(3, 3, U.data.slice(3)), scale: 0.5 };
    const rest = galuMinimumNorm({ X, y, network: others }, linalg).weights;
    const saddle = point(Float64Array.of(0, 1, 1, 1), matrix(4, 3, Float64Array.from([0, 0, 0, ...rest.data])));
    expect(Math.hypot(...saddle.gradient)).toBeLessThan(1e-10);
    expect(saddle.loss).toBeGreaterThan(saddle.globalMinimum + 1e-3);
    expect(saddle.smallestEigenvalue).toBeLessThan(-1e-3);
  });

  it('conserve α² − ‖w‖² of every neuron, up to a drift of the order of the step', () => {
    const drift = (eta: number) => {
      let [a, w] = [alpha.slice(), W.data.slice()];
      const conserved = () =>
        Array.from(a, (value, j) => value * value - Math.hypot(...w.slice(3 * j, 3 * j + 3)) ** 2);
      const before = conserved();
      for (let step = 0; step < Math.round(2 / eta); step++) {
        const { gradient } = point(a, matrix(4, 3, w));
        a = a.map((value, j) => value - eta * gradient[j]);
        w = w.map((value, t) => value - eta * gradient[4 + t]);
      }
      return distance(conserved(), before);
    };
    const [coarse, fine] = [drift(0.02), drift(0.01)];
    expect(coarse).toBeLessThan(0.05);
    expect(coarse / fine).toBeCloseTo(2, 0);
  });

  it('refuse weights of another shape', () => {
    expect(() => point(alpha, matrix(3, 3))).toThrow(/W \(k × d\) is 3 × 3\. It should be 4 × 3/);
    expect(() => point(alpha.slice(1), W)).toThrow(/alpha \(k\) is 3 × 1\. It should be 4 × 1/);
  });
});

describe('deep networks', () => {
  /** Top first: 3, 4 and 5 neurons on 3 inputs. */
  const sizes = [3, 4, 5];
  const deep: DeepGaluNetwork = {
    layers: sizes.map((n, t) => ({
      U: gaussianMatrix(rng.stream(`U${t}`), n, 3),
      W: gaussianMatrix(rng.stream(`W${t}`), n, sizes[t + 1] ?? 3),
    })),
    a: rng.fillGaussian(new Float64Array(3)),
  };

  it('are a linear map at each input, homogeneous in the input', () => {
    const { output, linearMap, hidden } = deepGalu(X, deep, linalg);
    expect(hidden.map(({ cols }) => cols)).toEqual(sizes);
    const products = Array.from(output, (_, row) =>
      [0, 1, 2].reduce((s, i) => s + at(linearMap, row, i) * at(X, row, i), 0),
    );
    expect(distance(products, output)).toBeLessThan(1e-14);
    expect(Math.max(...output.map(Math.abs))).toBeGreaterThan(0.01);
    const larger = deepGalu(scaled(X, 2), deep, linalg);
    expect(
      distance(
        larger.output,
        output.map((value) => 2 * value),
      ),
    ).toBeLessThan(1e-14);
    expect(distance(larger.linearMap.data, linearMap.data)).toBe(0);
  });

  it('have the gradients of the loss', () => {
    const lossAt = (changed: DeepGaluNetwork) => deepGaluGradients(problem, changed, linalg).loss;
    const gradients = deepGaluGradients(problem, deep, linalg);
    expect(
      distance(
        gradients.a,
        differences(deep.a, (a) => lossAt({ ...deep, a })),
      ),
    ).toBeLessThan(1e-8);
    deep.layers.forEach(({ W: own }, t) => {
      const numeric = differences(own.data, (data) =>
        lossAt({
          ...deep,
          layers: deep.layers.map((layer, s) => (s === t ? { ...layer, W: like(own, data) } : layer)),
        }),
      );
      expect(distance(gradients.W[t].data, numeric)).toBeLessThan(1e-8);
    });
  });

  it('of one layer are the shallow network with α = a', () => {
    const [{ U: top }] = deep.layers;
    const shallow = { layers: [{ U: top, W: gaussianMatrix(rng, 3, 3) }], a: deep.a };
    const map = galuMap(X, { U: top, alpha: deep.a, scale: 1 / 3 }, linalg);
    const expected = map.forward(matrix(1, 9, shallow.layers[0].W.data)).data;
    expect(distance(deepGalu(X, shallow, linalg).output, expected)).toBeLessThan(1e-14);
  });

  it('refuse layers that do not fit', () => {
    const [top, ...rest] = deep.layers;
    expect(() => deepGalu(X, { ...deep, layers: [] }, linalg)).toThrow(/there are no layers/);
    expect(() => deepGalu(X, { ...deep, layers: rest }, linalg)).toThrow(/a \(neurons of the top layer\) is 3 × 1/);
    expect(() => deepGalu(X, { ...deep, layers: [top] }, linalg)).toThrow(
      /layers\[0\]\.W .* is 3 × 4\. It should be 3 × 3/,
    );
    expect(() => deepGaluGradients({ X, y: new Float64Array(2) }, deep, linalg)).toThrow(/y \(m\) is 2 × 1/);
  });
});
