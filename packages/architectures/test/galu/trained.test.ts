import { createRandom } from '@ggdln/core';
import { createMlMatrixBackend, matrix } from '@ggdln/linalg';
import { testArchitecture } from '@ggdln/plugin-testkit';
import { describe, expect, it } from 'vitest';
import { architecturesPlugin, createGalu, createTrainedGalu } from '../../src/index.ts';

const entry = architecturesPlugin.architecture!['galu-trained'];
testArchitecture('galu-trained', entry, { options: { width: 4 }, gates: [1] });
testArchitecture('galu-trained, straight-through, two outputs', entry, {
  options: { width: 3, activation: 'straight-through' },
  gates: [1],
  outputs: 2,
});

const linalg = createMlMatrixBackend();
const [P, d, k] = [7, 5, 4];
const normal = (rows: number, cols: number, name: string) =>
  matrix(rows, cols, createRandom(name).fillGaussian(new Float64Array(rows * cols)));
const X = normal(P, d, 'X');
const on = matrix(P, 1, new Float64Array(P).fill(1));
const parameters = { U: Float64Array.from(normal(k, d, 'U').data), W: Float64Array.from(normal(2 * k, d, 'W').data) };
const theta = Float64Array.of(...parameters.U, ...parameters.W);
const make = (gate: 'sigmoid' | 'straight-through', beta: number) =>
  createTrainedGalu({ width: k, sigma: 1, gate, beta });
const predict = (gate: 'sigmoid' | 'straight-through', beta: number) =>
  make(gate, beta).predict(parameters, { X, gates: [on] }, linalg).data;
const Y = normal(P, 2, 'Y');
const program = (gate: 'sigmoid' | 'straight-through', beta: number) =>
  make(gate, beta).gradient({ inputs: { X, gates: [on] }, targets: Y }, Float64Array, linalg);

describe('createTrainedGalu', () => {
  it('has the gradient of its loss where gates are soft, to 1e-7', () => {
    const soft = program('sigmoid', 1.7);
    const gradient = new Float64Array(theta.length);
    soft.evaluate(theta, gradient);
    const at = (i: number, h: number) =>
      soft.evaluate(
        Float64Array.from(theta, (value, j) => (i === j ? value + h : value)),
        new Float64Array(theta.length),
      );
    for (let i = 0; i < theta.length; i++) expect((at(i, 1e-5) - at(i, -1e-5)) / 2e-5).toBeCloseTo(gradient[i], 7);
  });

  it('is GaLU with the half-spaces of U where gates are hard, and its gradient in W is that of GaLU', () => {
    const drive = linalg.gemm(X, matrix(k, d, parameters.U), { transB: true }).data;
    const gates = matrix(
      P,
      k,
      Float64Array.from(drive, (value) => Number(value >= 0)),
    );
    const galu = createGalu({ sigma: 1 });
    const expected = galu.predict({ W: parameters.W }, { X, gates: [gates] }, linalg).data;
    predict('straight-through', 2).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 12);
    });
    const [own, other] = [new Float64Array(theta.length), new Float64Array(parameters.W.length)];
    program('straight-through', 2).evaluate(theta, own);
    galu.gradient({ inputs: { X, gates: [gates] }, targets: Y }, Float64Array, linalg).evaluate(parameters.W, other);
    other.forEach((value, i) => {
      expect(own[k * d + i]).toBeCloseTo(value, 12);
    });
    expect(own.subarray(0, k * d).some((value) => value !== 0)).toBe(true);
  });

  it('tends to hard gates as β grows, and is half a linear network at β = 0', () => {
    const hard = predict('straight-through', 1);
    predict('sigmoid', 1e6).forEach((value, i) => {
      expect(value).toBeCloseTo(hard[i], 6);
    });
    const linear = predict('sigmoid', 0);
    const doubled = matrix(
      P,
      d,
      Float64Array.from(X.data, (value) => 2 * value),
    );
    make('sigmoid', 0)
      .predict(parameters, { X: doubled, gates: [on] }, linalg)
      .data.forEach((value, i) => {
        expect(value).toBeCloseTo(2 * linear[i], 12);
      });
  });

  it.each([
    ['a gate', () => make('hard' as never, 1), /unknown gate "hard".*sigmoid/s],
    ['a width', () => createTrainedGalu({ width: 0, sigma: 1, gate: 'sigmoid', beta: 1 }), /width is 0/],
    ['σ', () => createTrainedGalu({ width: 1, sigma: 0, gate: 'sigmoid', beta: 1 }), /sigma is 0.*> 0/s],
    ['β', () => make('sigmoid', -1), /beta is -1.*≥ 0/s],
    [
      'U',
      () => make('sigmoid', 1).predict({ ...parameters, U: new Float64Array(3) }, { X, gates: [on] }, linalg),
      /parameter U has 3 numbers.*k × d = 20/s,
    ],
    [
      'W',
      () => make('sigmoid', 1).predict({ U: parameters.U }, { X, gates: [on] }, linalg),
      /parameter W is not a Float64Array/,
    ],
    [
      'layers',
      () => make('sigmoid', 1).shapes({ inputs: 5, outputs: 1, gates: [1, 1] }),
      /gates are given for 2 layers.*always-on/s,
    ],
    [
      'gates',
      () => make('sigmoid', 1).predict(parameters, { X, gates: [matrix(P, 1)] }, linalg),
      /gate of input 0 is 0.*always-on/s,
    ],
    ['outputs', () => make('sigmoid', 1).shapes({ inputs: 5, outputs: 0, gates: [1] }), /number of outputs is 0/],
  ])('says what is wrong with %s', (_name, run, message) => {
    expect(run).toThrow(message);
  });
});
