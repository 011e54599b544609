import { routingGate } from '@ggdln/architectures/gdln';
import { createRandom } from '@ggdln/core';
import { createMlMatrixBackend } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { createKPathProgram, type KPathBatch, kPathLayout, learnKPath, startKPath } from '../../src/kPath/index.ts';
import { context, options, task } from './problems.ts';

const linalg = createMlMatrixBackend();
const [M, D, C, H, B] = [4, 6, 3, 5, 7];
const rng = createRandom(5).stream('centred');
const gate = routingGate(M, '2_plus_mod');
const batch: KPathBatch<Float64Array> = {
  rows: B,
  inputs: Array.from({ length: M }, () => rng.fillGaussian(new Float64Array(B * D))),
  labels: Array.from({ length: M }, () => Int32Array.from({ length: B }, () => rng.integer(C))),
};
const layout = kPathLayout({ domains: M, features: D, classes: C }, { width: H, layers: { hidden: 2 } });
const start = startKPath(layout, M, { gain: 1.5, bias: 0.1 }, rng);
const centredBy = (scale: number) =>
  createKPathProgram<Float64Array>(layout, gate, B, Float64Array, linalg, { start, scale });

/** Cross-entropies of all pairs after gradient descent from the start. */
function learned(scale: number): Float64Array {
  const [program, theta] = [centredBy(scale), start.slice()];
  for (let step = 0; step < 40; step++) {
    program.descend(theta, batch, (part, at) => {
      for (let i = 0; i < part.length; i++) theta[at + i] -= 0.1 * part[i];
    });
  }
  return program.score(theta, batch).losses.data;
}

describe('a centred k-path network', () => {
  it.each([1, 30])('says nothing at the start, to the last bit: scale %s', (scale) => {
    const program = centredBy(scale);
    const scores = program.score(start, batch);
    for (const loss of scores.losses.data) expect(loss).toBe(scores.losses.data[0]);
    expect(scores.losses.data[0] / B).toBeCloseTo(Math.log(C), 14);
    expect(program.evaluate(start, batch, new Float64Array(layout.size))).toBeCloseTo(Math.log(C), 14);
  });

  it('has the gradient of its loss over scale²', () => {
    const [program, scale] = [centredBy(3), 3];
    const theta = start.map((value) => value + 0.2 * rng.gaussian());
    const [gradient, scratch] = [new Float64Array(layout.size), new Float64Array(layout.size)];
    program.evaluate(theta, batch, gradient);
    for (let i = 0; i < theta.length; i++) {
      const before = theta[i];
      const [above, below] = [1e-6, -1e-6].map((h) => {
        theta[i] = before + h;
        return program.evaluate(theta, batch, scratch);
      });
      theta[i] = before;
      expect(Math.abs((above - below) / 2e-6 / scale ** 2 - gradient[i])).toBeLessThan(2e-8);
    }
  });

  it('becomes its linearisation as the scale grows: what is left falls as 1/scale', () => {
    const limit = learned(1e7);
    const [far, near] = [1e2, 1e3].map((scale) => Math.hypot(...learned(scale).map((loss, k) => loss - limit[k])));
    expect(far / near).toBeGreaterThan(9);
    expect(far / near).toBeLessThan(11);
    expect(Math.hypot(...limit.map((loss) => loss - B * Math.log(C)))).toBeGreaterThan(1);
  });

  it('learns by learnKPath, and goes on from a state with the same bits', async () => {
    const centred = { ...options, centred: { scale: 2 }, epochs: 20 };
    const straight = await learnKPath(task, centred, context());
    expect(straight.scores[0].train.selectedLoss).toBeCloseTo(Math.log(3), 12);
    expect(straight.scores[0].test.unselectedLoss).toBeCloseTo(Math.log(3), 12);
    expect(straight.scores.at(-1)?.train.selectedLoss).toBeLessThan(0.5);
    const { state: from } = await learnKPath(task, { ...centred, epochs: 10 }, context());
    expect(await learnKPath(task, centred, { ...context(), from })).toEqual(straight);
    const plain = await learnKPath(task, { ...centred, centred: false }, context());
    expect(plain.scores[0].train.selectedLoss).not.toBeCloseTo(Math.log(3), 6);
  });

  it('refuses scales that are none, and names the limit where it runs away', async () => {
    for (const scale of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const run = learnKPath(task, { ...options, centred: { scale } }, context());
      await expect(run).rejects.toThrow(`centred.scale is ${scale}`);
    }
    const fast = { ...options, centred: true, optimizer: { use: 'sgd', rate: 1e4 } as const };
    await expect(learnKPath(task, fast, context())).rejects.toThrow('the stability limit');
  });
});
