import { createRandom, type Json, type JsonObject } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { theoryPlugin } from '../src/index.ts';
import { backends } from './helpers.ts';

const linalg = (await backends()).at(-1)!;
const rng = createRandom('stored forms');
const rows = (count: number, cols: number) =>
  Array.from({ length: count }, () => Array.from({ length: cols }, () => rng.gaussian()));
const list = (count: number) => rows(1, count)[0];

async function compute(name: string, params: JsonObject, inputs: JsonObject): Promise<{ [key: string]: Json }> {
  return { ...(await theoryPlugin.conformance![name]({ params, inputs }, { rng: createRandom(1), linalg })) };
}

describe('stored cases of deep linear networks', () => {
  const [X, Y, Xtest, Ytest] = [rows(5, 8), rows(5, 1), rows(3, 8), rows(3, 1)];
  const params = { L: 2, N: [9, 9], sigma: 1.1, T: 0.1 };
  const computes = ['bpkr.saddle', 'bpkr.exact-finite-width', 'bpkr.relu-heuristic'];

  it.each(computes)('%s takes one width for all layers and targets as a list', async (name) => {
    const full = await compute(name, params, { X, Y, Xtest, Ytest });
    const short = await compute(name, { ...params, N: 9 }, { X, Y: Y.flat(), Xtest, Ytest: Ytest.flat() });
    expect(short).toEqual(full);
  });

  it.each(computes)('%s leaves out what absent test data would say', async (name) => {
    const { testError, bias, variance, ...full } = await compute(name, params, { X, Y, Xtest, Ytest });
    expect(testError).toBeGreaterThan(0);
    expect(await compute(name, params, { X, Y, Xtest })).toEqual(full);
    const untested = await compute(name, params, { X, Y });
    expect(untested.u ?? untested.Eu).toEqual(full.u ?? full.Eu);
    expect(untested.mean).toEqual([]);
  });

  it('kernels take one σ for all layers', async () => {
    const inputs = { Xa: X, Xb: Xtest };
    const full = await compute('kernels.nngp-ntk', { activation: 'relu', L: 2, sigmas: [1.2, 1.2, 1.2] }, inputs);
    expect(await compute('kernels.nngp-ntk', { activation: 'relu', L: 2, sigmas: 1.2 }, inputs)).toEqual(full);
  });
});

describe('stored cases of the scalar saddle', () => {
  const params = { N: [6, 6], sigma: 1.2, T: 0.3 };

  it('an eigenvalue of 0 moves no root, and its targets add to the action', async () => {
    const plain = await compute('bpkr.spectral', params, { lambda_: [1, 0.5], c: [1, -2] });
    const more = await compute('bpkr.spectral', params, { lambda_: [0, 1, 0.5], c: [3, 1, -2] });
    expect(more.s).toBeCloseTo(plain.s as number, 12);
    const added = (more.actions as number[])[0] - (plain.actions as number[])[0];
    expect(added).toBeCloseTo(0.5 * (Math.log(0.3) + 9 / 0.3), 10);
    const cold = { ...params, T: 0 };
    const { s } = await compute('bpkr.spectral', cold, { lambda_: [1, 0.5], c: [1, -2] });
    expect(await compute('bpkr.spectral', cold, { lambda_: [1, 0.5, 0], c: [1, -2, 3] })).toMatchObject({ s });
  });

  it('refuses an eigenvalue without a target', async () => {
    await expect(compute('bpkr.spectral', params, { lambda_: [1, 0.5], c: [1] })).rejects.toThrow(
      /lambda_ is \[1,0\.5\] and inputs\.c \[1\].*eigenvalue ≥ 0 for each c/,
    );
  });

  it('takes one depth, says null where s overflows, and refuses what is no depth', async () => {
    const deep = { alpha: 0.5, r0: 0.5, sigma: 3 };
    const { solutions } = await compute('bpkr.scalar', deep, { L: 1000 });
    expect(solutions).toMatchObject([{ L: 1000, u: expect.closeTo(4.5, 9), s: null }]);
    await expect(compute('bpkr.scalar', deep, { L: [1.5] })).rejects.toThrow(/inputs\.L has 1\.5/);
    await expect(compute('bpkr.scalar', { ...deep, sigma: -1 }, { L: [1] })).rejects.toThrow(/σ > 0/);
  });

  it('nothing is along targets that are 0', async () => {
    const inputs = { X: rows(5, 8), Y: [0, 0, 0, 0, 0] };
    const { gramAlongY, mean } = await compute('bpkr.saddle', params, inputs);
    expect([gramAlongY, mean]).toEqual([[null, null], []]);
  });
});

it('stored cases of gated networks take one width for all layers and targets as a column', async () => {
  const [X, y] = [rows(5, 4), list(5)];
  const gatesTopFirst = [rows(5, 2), rows(5, 1)];
  const params = { Ns: [20, 20], sigma2: 1.2, T: 0.1 };
  const full = await compute('ggdln.saddle', params, { X, y, gatesTopFirst });
  const column = y.map((value) => [value]);
  expect(await compute('ggdln.saddle', { ...params, Ns: 20 }, { X, y: column, gatesTopFirst })).toEqual(full);
});

describe('stored cases of sequences of tasks', () => {
  const network = { depth: 1, sigma2: 1.3, activation: 'relu' };
  const chain = { ...network, lambda: 3 };
  const [X, Y, Xquery] = [[rows(3, 5), rows(2, 5)], [list(3), list(2)], rows(2, 5)];

  it('one task is regression with the kernel of the prior, at every stiffness', async () => {
    const inputs = { X: X.slice(0, 1), Y: Y.slice(0, 1), Xquery };
    const found = await compute('continual.gibbs-chain', { ...chain, beta: null }, inputs);
    const { fGibbs } = await compute('continual.sequence', network, inputs);
    const mean = (found.mean as number[][])[0].slice(3);
    mean.forEach((value, i) => {
      expect(value).toBeCloseTo((fGibbs as number[][])[0][i], 10);
    });
    expect(found).not.toHaveProperty('C_s2_t2_t2_X1_X2');
  });

  it('tasks may differ in size, and held-out inputs and β may be absent', async () => {
    const full = await compute('continual.gibbs-chain', { ...chain, beta: null }, { X, Y, Xquery });
    const short = await compute('continual.gibbs-chain', chain, { X, Y });
    expect(short.mean).toEqual((full.mean as number[][]).map((row) => row.slice(0, 5)));
    const { fNtk, fGibbs, ...rest } = await compute('continual.sequence', network, { X, Y, Xquery });
    expect(await compute('continual.sequence', network, { X, Y })).toEqual(rest);
  });

  it('refuses inputs without targets', async () => {
    const inputs = { X, Y: Y.slice(1), Xquery };
    await expect(compute('continual.sequence', network, inputs)).rejects.toThrow(/2 tasks and inputs\.Y 1/);
  });

  it('refuses a first head that vanishes, and rows that are absent', async () => {
    const [X1, X2] = [rows(3, 5), rows(3, 5)];
    const inputs = { X1, Y1: [0, 0, 0], X2, Y2: list(3) };
    const params = { N: 2, sigma2: 1, lambda: 10 };
    await expect(compute('continual.multihead-data', params, inputs)).rejects.toThrow(/task 1 has targets 0/);
    expect((await compute('continual.multihead-data', { ...params, N: 6 }, inputs)).S).toBe(0);
    await expect(compute('continual.multihead-saddle', {}, {})).rejects.toThrow(/inputs\.rows is absent/);
  });

  it('a second head that diverges has no finite limit', async () => {
    const row = { sigma2: 1, lambda: 100, Q: 1 };
    const edge = { ...row, alpha: 1, w2: 1, rho: 0.5 };
    const without = { ...row, alpha: 2, w2: 0, rho: 1 };
    const { rows: found } = await compute('continual.multihead-saddle', {}, { rows: [edge, without] });
    expect(found).toMatchObject([{ limitValue: null }, { limitValue: null }]);
  });
});
