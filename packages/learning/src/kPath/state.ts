import { inputError, type Json, type JsonObject, type Matrix } from '@ggdln/core';
import { matrixFromRows, toRows } from '@ggdln/linalg';

/** All that a k-path run needs to go on. */
export interface KPathState {
  /** Epochs done. */
  readonly epoch: number;
  /** Steps done. */
  readonly steps: number;
  /** Which pairs are trained, as drawn: M × M. */
  readonly gate: Matrix;
  readonly parameters: Float32Array;
  /** What the optimizer keeps. */
  readonly moments: readonly Float32Array[];
}

/** Where states are kept. */
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
export function kPathStateToJson({ epoch, steps, gate, parameters, moments }: KPathState): JsonObject {
  return {
    epoch,
    steps,
    gate: toRows(gate),
    parameters: Array.from(parameters),
    moments: moments.map((moment): Json => Array.from(moment)),
  };
}

/** The state that `kPathStateToJson` gave. @throws GGDLN_INPUT for anything else. */
export function kPathStateFromJson({ epoch, steps, gate, parameters, moments }: JsonObject): KPathState {
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
  if (!Array.isArray(gate) || !Array.isArray(moments)) throw inputError(where, 'gate or moments are absent', remedy);
  return {
    epoch: counts[0],
    steps: counts[1],
    gate: matrixFromRows(gate as number[][]),
    parameters: numbers('parameters', parameters),
    moments: moments.map((moment, k) => numbers(`moments[${k}]`, moment)),
  };
}
