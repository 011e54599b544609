import { GgdlnError, type JsonObject, type Matrix } from '@ggdln/core';
import { type CheckpointFolder, openCheckpointFolder } from '@ggdln/experiments/node';
import { decodeNpz, encodeNpz, type NpyArray } from '@ggdln/io';
import type { KPathEpoch, KPathScores, KPathState, KPathStore } from '@ggdln/learning/k-path';

const SCORE_ARRAYS = ['losses', 'accuracies'] as const;
const MEANS = ['selectedLoss', 'unselectedLoss', 'selectedAccuracy', 'unselectedAccuracy'] as const;
const PARTS = ['train', 'test'] as const;

/** A store of states in a folder, which no other process gets until `close`. */
export interface KPathFolder extends KPathStore {
  close(): Promise<void>;
}

/**
 * Opens a folder for the states of one run: an NPZ file each, written atomically, with checksums.
 * @param of What the run depends on.
 * @throws GGDLN_STORAGE when the folder can't be used, or holds states of another run or damaged ones.
 */
export async function openKPathFolder(dir: string, of: JsonObject): Promise<KPathFolder> {
  const folder = await openCheckpointFolder(dir, of);
  return {
    epochs: () => folder.numbers(),
    read: (epoch) => readState(folder, epoch),
    write: (state) => folder.write(state.epoch, encodeState(state)),
    remove: (epoch) => folder.remove(epoch),
    close: () => folder.close(),
  };
}

async function readState(folder: CheckpointFolder, epoch: number): Promise<KPathState> {
  const bytes = await folder.read(epoch);
  try {
    return decodeState(bytes);
  } catch (cause) {
    throw new GgdlnError({
      code: 'GGDLN_STORAGE',
      where: 'ggdln k-path',
      problem: `the checkpoint ${folder.pathOf(epoch)} is damaged: ${(cause as Error).message}`,
      remedy: 'Delete it; the run then goes on from the one before it, or from its start',
      cause,
    });
  }
}

/** A state as the bytes of an NPZ file. All numbers survive it exactly. */
export function encodeState({ epoch, steps, lossSum, gate, parameters, moments, scores }: KPathState): Uint8Array {
  const flat = (values: Float32Array): NpyArray => ({ dtype: 'float32', shape: [values.length], data: values });
  return encodeNpz({
    counts: vector([epoch, steps, lossSum, moments.length]),
    gate: { dtype: 'float64', shape: [gate.rows, gate.cols], data: gate.data },
    parameters: flat(parameters),
    ...Object.fromEntries(moments.map((moment, k) => [`moments${k}`, flat(moment)])),
    'scores/epoch': vector(scores.map((score) => score.epoch)),
    'scores/loss': vector(scores.map(({ loss }) => loss ?? Number.NaN)),
    ...Object.fromEntries(PARTS.flatMap((part) => Object.entries(scoreArrays(part, scores, gate)))),
  });
}

/** The state of `encodeState`. @throws GGDLN_INPUT for bytes that aren't one. */
export function decodeState(bytes: Uint8Array): KPathState {
  const arrays = decodeNpz(bytes);
  const numbers = (name: string): Float64Array => need(arrays, name, 'float64').data as Float64Array;
  const floats = (name: string): Float32Array => need(arrays, name, 'float32').data as Float32Array;
  const [epoch, steps, lossSum, kept] = numbers('counts');
  const { shape, data } = need(arrays, 'gate', 'float64');
  const gate = { rows: shape[0], cols: shape[1], data: data as Float64Array };
  const losses = numbers('scores/loss');
  const scores = Array.from(
    numbers('scores/epoch'),
    (at, i): KPathEpoch => ({
      epoch: at,
      loss: nullable(losses[i]),
      train: scoresOf('train', i, gate, numbers),
      test: scoresOf('test', i, gate, numbers),
    }),
  );
  const moments = Array.from({ length: kept }, (_, k) => floats(`moments${k}`));
  return { epoch, steps, lossSum, gate, parameters: floats('parameters'), moments, scores };
}

/** The scores of one half, epoch after epoch; absent means are NaN. */
function scoreArrays(
  part: 'train' | 'test',
  scores: readonly KPathEpoch[],
  { rows, cols }: Matrix,
): Record<string, NpyArray> {
  const pairs = rows * cols;
  const matrices = SCORE_ARRAYS.map((name) => {
    const data = new Float64Array(scores.length * pairs);
    scores.forEach((score, i) => {
      data.set(score[part][name].data, i * pairs);
    });
    return [`${part}/${name}`, { dtype: 'float64', shape: [scores.length, rows, cols], data } as NpyArray] as const;
  });
  const means = MEANS.map(
    (name) => [`${part}/${name}`, vector(scores.map((score) => score[part][name] ?? Number.NaN))] as const,
  );
  return Object.fromEntries([...matrices, ...means]);
}

function scoresOf(
  part: 'train' | 'test',
  i: number,
  { rows, cols }: Matrix,
  numbers: (name: string) => Float64Array,
): KPathScores {
  const at = (name: string): Matrix => {
    const data = numbers(`${part}/${name}`).slice(i * rows * cols, (i + 1) * rows * cols);
    return { rows, cols, data };
  };
  const [selectedLoss, unselectedLoss, selectedAccuracy, unselectedAccuracy] = MEANS.map((name) =>
    nullable(numbers(`${part}/${name}`)[i]),
  );
  return {
    losses: at('losses'),
    accuracies: at('accuracies'),
    selectedLoss,
    unselectedLoss,
    selectedAccuracy,
    unselectedAccuracy,
  };
}

const vector = (values: readonly number[]): NpyArray => ({
  dtype: 'float64',
  shape: [values.length],
  data: Float64Array.from(values),
});

const nullable = (value: number): number | null => (Number.isNaN(value) ? null : value);

function need(arrays: Record<string, NpyArray>, name: string, dtype: 'float64' | 'float32'): NpyArray {
  const array = arrays[name];
  if (array?.dtype === dtype) return array;
  throw new Error(array ? `its array ${name} is ${array.dtype}` : `its array ${name} is absent`);
}
