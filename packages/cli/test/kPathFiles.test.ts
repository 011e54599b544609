import { createRandom, type Matrix } from '@ggdln/core';
import type { KPathEpoch, KPathScores, KPathState } from '@ggdln/learning/k-path';
import { describe, expect, it } from 'vitest';
import { kPathTable } from '../src/kPath/results.ts';
import { decodeState, encodeState } from '../src/kPath/stateFiles.ts';

const rng = createRandom(1);
const square = (): Matrix => ({ rows: 2, cols: 2, data: rng.fillGaussian(new Float64Array(4)) });
const scores = (unseen: number | null): KPathScores => ({
  losses: square(),
  accuracies: square(),
  selectedLoss: rng.gaussian(),
  unselectedLoss: unseen,
  selectedAccuracy: rng.uniform(),
  unselectedAccuracy: unseen,
});
const epoch = (at: number, loss: number | null, unseen: number | null): KPathEpoch => ({
  epoch: at,
  loss,
  train: scores(unseen),
  test: scores(unseen),
});
const state: KPathState = {
  epoch: 3,
  steps: 17,
  lossSum: Math.PI,
  gate: { rows: 2, cols: 2, data: Float64Array.of(1, 0, 1, 1) },
  parameters: Float32Array.from({ length: 9 }, () => rng.gaussian()),
  moments: [Float32Array.of(1e-40, -0, 3)],
  scores: [epoch(0, null, 0.25), epoch(3, 0.1, 0.5)],
};

describe('a state as bytes', () => {
  it('comes back with every bit, scores and what is absent among it', () => {
    expect(decodeState(encodeState(state))).toEqual(state);
    const bare = { ...state, moments: [], scores: [epoch(0, null, null)] };
    expect(decodeState(encodeState(bare))).toEqual(bare);
  });

  it('is the same bytes for the same state', () => {
    expect(encodeState(decodeState(encodeState(state)))).toEqual(encodeState(state));
  });

  it('is refused when it is cut, and wherever a byte of it that matters is another', () => {
    const bytes = encodeState(state);
    expect(() => decodeState(bytes.subarray(0, bytes.length >> 1))).toThrow();
    let refused = 0;
    for (let at = 0; at < bytes.length; at += 7) {
      const damaged = bytes.slice();
      damaged[at] ^= 1;
      try {
        expect(decodeState(damaged), `byte ${at}`).toEqual(state);
      } catch (error) {
        expect((error as Error).name, `byte ${at}`).not.toBe('AssertionError');
        refused += 7;
      }
    }
    expect(refused).toBeGreaterThan(bytes.length / 2);
  });
});

it('has a row for each epoch, half and kind of pairs, and none where there is no such pair', () => {
  const { rows } = kPathTable(state.scores);
  // Four metrics of two halves at two epochs, and the loss of the steps of one.
  expect(rows).toHaveLength(17);
  expect(rows.find((row) => row.epoch === 3 && row.half === 'test' && row.metric === 'loss of trained pairs')).toEqual({
    epoch: 3,
    half: 'test',
    source: 'network',
    role: 'gradient-descent',
    metric: 'loss of trained pairs',
    value: state.scores[1].test.selectedLoss,
    stderr: null,
  });
  const all = kPathTable([epoch(1, 0.5, null)]).rows;
  expect(all.some(({ metric }) => String(metric).includes('unseen'))).toBe(false);
});
