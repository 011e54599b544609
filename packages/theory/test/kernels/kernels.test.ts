import { createRandom } from '@ggdln/core';
import { matrix, matrixFromRows, selectMatrixRows, toRows, transpose } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  type Activation,
  erfActivation,
  type KernelKind,
  type KernelNetwork,
  kernelBlocks,
  kernelDiagonal,
  kernelMatrix,
  linearActivation,
  reluActivation,
} from '../../src/kernels/index.ts';
import { backends, distance, gaussianMatrix, scaled } from '../helpers.ts';

const linalg = (await backends()).at(-1)!;
const rng = createRandom('kernels');
const X = gaussianMatrix(rng.stream('a'), 9, 4);
const others = gaussianMatrix(rng.stream('b'), 5, 4);
const q0 = linalg.gemm(X, others, { transB: true, alpha: 1 / 4 });
const kinds: KernelKind[] = ['nngp', 'ntk', 'ntk-unit-variance'];
const sigmas = [0.8, 1.3, 1.1, 0.9];
const networks: KernelNetwork[] = [linearActivation, reluActivation, erfActivation].map((activation) => ({
  activation,
  sigmas,
}));
const kernel = (network: KernelNetwork, kind: KernelKind, a = X, b = others) =>
  kernelMatrix(network, kind, a, b, { linalg });

/** erf to 1.5e-7 (Abramowitz and Stegun 7.1.26). */
function erf(h: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(h));
  const series = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592].reduce(
    (sum, a) => (sum + a) * t,
    0,
  );
  return Math.sign(h) * (1 - series * Math.exp(-h * h));
}

const functions: Record<string, { phi: (h: number) => number; derivative: (h: number) => number }> = {
  linear: { phi: (h) => h, derivative: () => 1 },
  relu: { phi: (h) => Math.max(0, h), derivative: (h) => (h > 0 ? 1 : 0) },
  erf: { phi: erf, derivative: (h) => (2 / Math.sqrt(Math.PI)) * Math.exp(-h * h) },
};

/** E[f(a)f(b)] in polar coordinates, where kinks lie along rays. */
function quadrature(f: (h: number) => number, k11: number, k12: number, k22: number): number {
  const [root, slope] = [Math.sqrt(k11), k12 / Math.sqrt(k11)];
  const rest = Math.sqrt(k22 - slope * slope);
  const [radii, angles] = [120, 2400];
  let sum = 0;
  for (let j = 0; j < angles; j++) {
    const angle = ((j + 0.5) / angles) * 2 * Math.PI;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    for (let i = 0; i < radii; i++) {
      const r = ((i + 0.5) / radii) * 9;
      sum += r * Math.exp(-r * r * 0.5) * f(root * r * c) * f(r * (slope * c + rest * s));
    }
  }
  return (sum * 9) / radii / angles;
}

describe.each(networks)('$activation.name', (network) => {
  const { activation } = network;

  it('has the moments that quadrature gives', () => {
    const { phi, derivative } = functions[activation.name];
    for (const [k11, k12, k22] of [
      [1.2, 0.5, 0.7],
      [0.4, -0.3, 0.9],
    ] as const) {
      expect(activation.moment(k11, k12, k22)).toBeCloseTo(quadrature(phi, k11, k12, k22), 3);
      expect(activation.derivativeMoment(k11, k12, k22)).toBeCloseTo(quadrature(derivative, k11, k12, k22), 3);
    }
  });

  it.each(kinds)('%s: the diagonal, a block among equal inputs and one between copies agree', async (kind) => {
    const among = await kernelMatrix(network, kind, X, undefined, { linalg });
    expect(distance(among.data, transpose(among).data)).toBe(0);
    expect(
      distance(
        kernelDiagonal(network, kind, X),
        toRows(among).map((row, i) => row[i]),
      ),
    ).toBe(0);
    const between = await kernel(network, kind, X, scaled(X, 1));
    // Angles of 1e-8 that rounding opens on the diagonal: theory page, section 6.
    expect(distance(between.data, among.data)).toBeLessThan(1e-7);
    expect(linalg.symmetricEigen(among).values[0]).toBeGreaterThan(-1e-12);
  });

  it.each(kinds)('%s: blocks of any size give the same', async (kind) => {
    const whole = await kernelMatrix(network, kind, X, undefined, { linalg });
    for (const blockRows of [1, 4, 9]) {
      const blockwise = await kernelMatrix(network, kind, X, undefined, { linalg, blockRows });
      expect(distance(blockwise.data, whole.data)).toBeLessThan(1e-13);
      for await (const { firstRow, kernel: part } of kernelBlocks(network, kind, X, undefined, { linalg, blockRows })) {
        const rows = Array.from({ length: part.rows }, (_, i) => firstRow + i);
        expect(distance(part.data, selectMatrixRows(whole, rows).data)).toBeLessThan(1e-13);
      }
    }
  });

  it('takes an input of norm 0 for a kernel of 0', async () => {
    const zero = matrix(1, 4);
    for (const kind of kinds) {
      expect(Array.from((await kernel(network, kind, zero, X)).data).every((value) => value === 0)).toBe(true);
      expect(kernelDiagonal(network, kind, zero)[0]).toBe(0);
    }
  });

  it('has unit-variance weights give σ² times the tangent kernel where all σ are equal', async () => {
    const equal = { activation, sigmas: [1.3, 1.3, 1.3] };
    const [ntk, unit] = [await kernel(equal, 'ntk'), await kernel(equal, 'ntk-unit-variance')];
    expect(distance(scaled(ntk, 1.69).data, unit.data)).toBeLessThan(1e-12);
  });
});

it('linear: the product of all σ² times x·x′/N0, and for the NTK the sum of the products that leave one out', async () => {
  const squares = sigmas.map((sigma) => sigma ** 2);
  const product = squares.reduce((a, b) => a * b);
  expect(distance((await kernel(networks[0], 'nngp')).data, scaled(q0, product).data)).toBeLessThan(1e-14);
  const sum = squares.reduce((total, square) => total + product / square, 0);
  expect(distance((await kernel(networks[0], 'ntk')).data, scaled(q0, sum).data)).toBeLessThan(1e-13);
});

it('ReLU: of degree 1 in the length of either input; its diagonals halve with each layer', async () => {
  for (const kind of kinds) {
    const plain = await kernel(networks[1], kind);
    expect(distance((await kernel(networks[1], kind, scaled(X, 3))).data, scaled(plain, 3).data)).toBeLessThan(1e-12);
    const longer = await kernel(networks[1], kind, X, scaled(others, 0.2));
    expect(distance(longer.data, scaled(plain, 0.2).data)).toBeLessThan(1e-12);
  }
  const deep = { activation: reluActivation, sigmas: [1.4, 1.4, 1.4, 1.4] };
  const norms = kernelDiagonal({ activation: linearActivation, sigmas: [1, 1] }, 'nngp', X);
  const variance = 1.96;
  const nngp = kernelDiagonal(deep, 'nngp', X);
  const ntk = kernelDiagonal(deep, 'ntk', X);
  for (let i = 0; i < X.rows; i++) {
    expect(nngp[i] / norms[i]).toBeCloseTo(variance ** 4 / 8, 12);
    expect(ntk[i] / norms[i]).toBeCloseTo((4 * variance ** 3) / 8, 12);
  }
});

it('ReLU: parallel and opposite inputs make no NaN, and opposite ones no kernel', async () => {
  const pair = matrixFromRows([
    [0.1, 0.7, -0.3, 0.2],
    [-0.3, -2.1, 0.9, -0.6],
  ]);
  for (const kind of kinds) {
    const one = await kernelMatrix({ activation: reluActivation, sigmas: [1, 1] }, kind, pair, undefined, { linalg });
    expect(Math.abs(one.data[1])).toBeLessThan(1e-8);
  }
});

it('erf: (4/π)^L times the linear kernel for small inputs', async () => {
  const small = await kernel(networks[2], 'nngp', scaled(X, 1e-4), scaled(others, 1e-4));
  const linear = await kernel(networks[0], 'nngp', scaled(X, 1e-4), scaled(others, 1e-4));
  expect(distance(small.data, scaled(linear, (4 / Math.PI) ** 3).data)).toBeLessThan(1e-14);
});

it('takes an activation from outside: φ = h²', async () => {
  const square: Activation = {
    name: 'square',
    moment: (k11, k12, k22) => k11 * k22 + 2 * k12 * k12,
    derivativeMoment: (_k11, k12) => 4 * k12,
  };
  const found = await kernel({ activation: square, sigmas: [2, 1] }, 'nngp');
  const [a, b] = [X, others].map((set) =>
    kernelDiagonal({ activation: linearActivation, sigmas: [1, 1] }, 'nngp', set),
  );
  const expected = q0.data.map((q, at) => 4 * (a[Math.floor(at / 5)] * b[at % 5] + 2 * q * q));
  expect(distance(found.data, expected)).toBeLessThan(1e-12);
});

describe('bad input', () => {
  const network = networks[1];
  it.each([
    ['a network without σ of the readout', { ...network, sigmas: [1] }, X, /sigmas has 1 numbers\. Give one standard/],
    ['σ = 0', { ...network, sigmas: [1, 0] }, X, /sigmas\[1\] is 0\. A standard deviation is a finite number > 0/],
    ['no activation', { sigmas: [1, 1] } as unknown as KernelNetwork, X, /activation has no Gaussian moments/],
    ['inputs without columns', network, matrix(3, 0), /the inputs are 3 × 0\. Give at least one column/],
    [
      'NaN',
      network,
      matrix(1, 4, Float64Array.of(1, Number.NaN, 0, 0)),
      /the inputs \(P × N0\) has NaN at row 0, column 1/,
    ],
    [
      'other inputs of another size',
      network,
      matrix(2, 3),
      /the other inputs \(Q × N0\) is 5 × 4\. It should be 5 × 3/,
    ],
  ] as const)('%s', async (_, given, inputs, message) => {
    await expect(kernelMatrix(given, 'nngp', inputs, others, { linalg })).rejects.toThrow(message);
  });

  it('blocks of no rows', async () => {
    await expect(kernelMatrix(network, 'ntk', X, X, { linalg, blockRows: 0 })).rejects.toThrow(/blockRows is 0/);
  });

  it('stops when cancelled', async () => {
    const signal = AbortSignal.abort();
    await expect(kernelMatrix(network, 'ntk', X, X, { linalg, signal })).rejects.toMatchObject({
      code: 'GGDLN_CANCELLED',
    });
  });
});
