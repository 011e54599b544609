import { createRandom } from '@ggdln/core';
import { columnVector, createMlMatrixBackend, identity, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { trainGatedUnits, trainRoutingNetwork, xorRace } from '../../src/race/index.ts';
import { gaussianMatrix } from '../helpers.ts';

const linalg = createMlMatrixBackend();

describe('XOR with a unit for each example', () => {
  const rates = { rate: 1e-3, epochs: [0, 4000, 8000, 12_000, 20_000] };

  it('follows the closed form at small rates, and a ReLU network does exactly the same', () => {
    const { network, loss, strength } = xorRace(1e-3);
    const gated = trainGatedUnits(network, rates);
    for (const { epoch, loss: trained, w2, W1 } of gated) {
      expect(Math.abs(trained - loss(epoch * rates.rate))).toBeLessThan(1e-3);
      // All four pathways stay alike, along the diagonals.
      for (const k of [0, 1, 2, 3]) {
        const lower = Math.hypot(W1.data[2 * k], W1.data[2 * k + 1]);
        expect(Math.abs(Math.abs(w2[k]) * lower - strength(epoch * rates.rate))).toBeLessThan(1e-3);
      }
    }
    expect(trainGatedUnits({ ...network, gates: 'relu' }, rates)).toEqual(gated);
  });

  it('is not learned by one ungated pathway, and starts at a loss of one half', () => {
    const { network, loss } = xorRace(1e-6);
    const ungated = trainGatedUnits({ ...network, gates: matrix(4, 4, new Float64Array(16).fill(1)) }, rates);
    expect(loss(0)).toBeCloseTo(0.5, 5);
    expect(ungated.at(-1)?.loss).toBeCloseTo(0.5, 5);
    expect(loss(100)).toBeLessThan(1e-12);
  });

  it('says that a rate is too large, and which shape does not fit', () => {
    const { network } = xorRace(0.1);
    expect(() => trainGatedUnits(network, { rate: 1e3, epochs: [100] })).toThrow(
      /the loss is not finite after 100 steps of rate 1000; the stability limit 2\/λ_max was [\d.]+ at the start.*Lower the rate, e\.g\. to [\d.]+/,
    );
    expect(() => trainGatedUnits({ ...network, y: [1] }, rates)).toThrow('y has 1 targets. Give 4');
    expect(() => trainGatedUnits({ ...network, w2: [1] }, rates)).toThrow('w2 has 1 weights. Give 4');
    expect(() => trainGatedUnits({ ...network, gates: matrix(4, 3) }, rates)).toThrow('gates (P × H) is 4 × 3');
    expect(() => xorRace(-1)).toThrow('a0 is -1');
  });
});

describe('a routing network', () => {
  const M = 3;
  const rng = createRandom(4).stream('routing');
  const draw = (rows: number, cols: number) => gaussianMatrix(rng, rows, cols, 0.4);
  const network = {
    target: draw(5, 4),
    gate: matrix(M, M, Float64Array.of(1, 1, 0, 0, 1, 1, 0, 0, 1)),
    W1: [draw(6, 4), draw(6, 4), draw(6, 4)],
    W2: draw(6, 6),
    W3: [draw(5, 6), draw(5, 6), draw(5, 6)],
  };
  const train = (parts: Partial<typeof network>, epochs: number[], rate = 0.05) =>
    trainRoutingNetwork({ ...network, ...parts }, { rate, kappa: 0.05, epochs }, linalg);

  it('descends: one small step lowers the loss by the rate times the squared length of the gradient', () => {
    const rate = 1e-6;
    const [before, after] = train({}, [0, 1], rate);
    const moved = [before.encoders, before.shared, before.decoders].map((start, i) => {
      const end = [after.encoders, after.shared, after.decoders][i];
      return start.data.reduce((sum, value, k) => sum + ((end.data[k] - value) / rate) ** 2, 0);
    });
    const fall = (before.loss - after.loss) / rate;
    expect(fall / moved.reduce((sum, value) => sum + value)).toBeCloseTo(1, 4);
  });

  it('reads the gate with input domains in rows', () => {
    const [state] = train({}, [0]);
    const output = linalg.gemm(linalg.gemm(network.W3[2], network.W2), network.W1[1]);
    const direct = network.target.data.reduce((sum, value, i) => sum + (value - output.data[i]) ** 2 / 2, 0);
    expect(state.pairErrors.data[1 * M + 2]).toBeCloseTo(direct, 12);
    const [first, last] = train({}, [0, 300]);
    const fallen = last.pairErrors.data.map((value, pair) => value / first.pairErrors.data[pair]);
    const worst = Math.max(...fallen.filter((_, pair) => network.gate.data[pair] === 1));
    expect(worst).toBeLessThan(Math.min(...fallen.filter((_, pair) => network.gate.data[pair] === 0)));
  });

  it('has domains that can be renamed', () => {
    const turned = <T>(list: readonly T[]) => [list[2], list[0], list[1]];
    const rows = turned([0, 1, 2]).map((a) => turned([0, 1, 2]).map((b) => network.gate.data[a * M + b]));
    const gate = matrix(M, M, Float64Array.from(rows.flat()));
    const [state] = train({}, [50]);
    const [renamed] = train({ gate, W1: turned(network.W1), W3: turned(network.W3) }, [50]);
    expect(renamed.loss / state.loss).toBeCloseTo(1, 12);
    expect(renamed.untrainedError).toBeCloseTo(state.untrainedError ?? 0, 11);
  });

  it('generalises at every step from decoupled weights: all pairs have one error', () => {
    const { u, v } = linalg.svd(network.target);
    const R = linalg.qr(draw(6, 4)).q;
    const shared = linalg.gemm(R, R, { transB: true, alpha: 0.3 });
    const encoder = linalg.gemm(R, v, { transB: true, alpha: 0.3 });
    const decoder = linalg.gemm(u, R, { transB: true, alpha: 0.3 });
    const ring = matrix(M, M, Float64Array.of(1, 1, 0, 0, 1, 1, 1, 0, 1));
    const parts = { gate: ring, W1: [encoder, encoder, encoder], W2: shared, W3: [decoder, decoder, decoder] };
    for (const { pairErrors } of train(parts, [0, 100, 1000])) {
      expect(Math.max(...pairErrors.data) - Math.min(...pairErrors.data)).toBeLessThan(1e-12);
    }
  });

  it('has no untrained error where all pairs are trained, and says what is wrong', () => {
    const all = matrix(M, M, new Float64Array(9).fill(1));
    expect(train({ gate: all }, [0])[0].untrainedError).toBeNull();
    expect(() => train({ gate: identity(2) }, [0])).toThrow('W1 has 3 matrices. Give 2');
    expect(() => train({ gate: identity(3, 2) }, [0])).toThrow('the gate has an entry 2');
    expect(() => train({ W2: columnVector([1]) }, [0])).toThrow('W1[0] is 6 × 4. It should be 1 × 4');
    for (const rate of [30, 1e4, 1e9]) expect(() => train({}, [500], rate)).toThrow(/grow without end at rate/);
    expect(() => train({}, [200], 100)).toThrow(
      /the weights grow without end at rate 100 .*2\/λ_max was [\d.]+ at the start.*Lower the rate, e\.g\. to [\d.]+/,
    );
  });
});
