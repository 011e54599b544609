import { inputError, type Json, type JsonObject, type Matrix } from '@ggdln/core';
import { matrixFromRows, toRows } from '@ggdln/linalg';
import type { KPathEpoch, KPathScores } from './score.ts';

/** All that a k-path run needs to go on, in the middle of an epoch too. */
export interface KPathState {
  /** Epochs done. */
  readonly epoch: number;
  /** Steps done. */
  readonly steps: number;
  /** Sum of the training losses of the steps of the last epoch begun. */
  readonly lossSum: number;
  /** Which pairs are trained, as drawn: M × M. */
  readonly gate: Matrix;
  readonly parameters: Float32Array;
  /** What the optimizer keeps. */
  readonly moments: readonly Float32Array[];
  /** Scores so far. */
  readonly scores: readonly KPathEpoch[];
}

/** Where states are kept. A state takes the place of an earlier one of the same epoch. */
export interface KPathStore {
  /** Epochs of the stored states, ascending. */
  epochs(): Promise<readonly number[]>;
  read(epoch: number): Promise<KPathState>;
  write(state: KPathState): Promise<void>;
  remove(epoch: number): Promise<void>;
}

/** A store that lives as long as the program. */
export function createMemoryStore(): KPathStore {
  const states = new Map<number, KPathState>();
  return {
    epochs: async () => [...states.keys()].sort((a, b) => a - b),
    read: async (epoch) => {
      const state = states.get(epoch);
      if (state) return state;
      throw inputError('@ggdln/learning createMemoryStore', `there is no state of epoch ${epoch}`, 'See epochs()');
    },
    write: async (state) => {
      states.set(state.epoch, state);
    },
    remove: async (epoch) => {
      states.delete(epoch);
    },
  };
}

/** A state as plain JSON. Numbers survive it exactly. */
export function kPathStateToJson(state: KPathState): JsonObject {
  const { epoch, steps, lossSum, gate, parameters, moments, scores } = state;
  return {
    epoch,
    steps,
    lossSum,
    gate: toRows(gate),
    parameters: Array.from(parameters),
    moments: moments.map((moment): Json => Array.from(moment)),
    scores: scores.map(({ train, test, ...rest }) => ({ ...rest, train: toJson(train), test: toJson(test) })),
  };
}

const toJson = ({ losses, accuracies, ...means }: KPathScores): JsonObject => ({
  ...means,
  losses: toRows(losses),
  accuracies: toRows(accuracies),
});

/** The state that `kPathStateToJson` gave. @throws GGDLN_INPUT for anything else. */
export function kPathStateFromJson(json: JsonObject): KPathState {
  const { epoch, steps, lossSum, gate, parameters, moments, scores } = json;
  const where = '@ggdln/learning kPathStateFromJson';
  const remedy = 'Give what kPathStateToJson returned';
  const numbers = (name: string, value: Json | undefined): Float32Array => {
    if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'number')) {
      throw inputError(where, `${name} is no list of numbers`, remedy);
    }
    return Float32Array.from(value as number[]);
  };
  const counts = [epoch, steps].filter((value): value is number => Number.isSafeInteger(value) && Number(value) >= 0);
  if (counts.length < 2) throw inputError(where, `the state has epoch ${epoch} and steps ${steps}`, remedy);
  if (typeof lossSum !== 'number') throw inputError(where, `the state has lossSum ${lossSum}`, remedy);
  if (!Array.isArray(gate) || !Array.isArray(moments) || !Array.isArray(scores)) {
    throw inputError(where, 'gate, moments or scores are absent', remedy);
  }
  return {
    epoch: counts[0],
    steps: counts[1],
    lossSum,
    gate: matrixFromRows(gate as number[][]),
    parameters: numbers('parameters', parameters),
    moments: moments.map((moment, k) => numbers(`moments[${k}]`, moment)),
    scores: scores.map((score) => {
      const { train, test, ...rest } = score as JsonObject;
      return { ...rest, train: scoresFrom(train), test: scoresFrom(test) } as unknown as KPathEpoch;
    }),
  };
}

function scoresFrom(json: Json | undefined): KPathScores {
  const { losses, accuracies, ...means } = json as JsonObject;
  const read = (rows: Json | undefined) => matrixFromRows(rows as number[][]);
  return { ...(means as unknown as KPathScores), losses: read(losses), accuracies: read(accuracies) };
}
