import { routingGate } from '@ggdln/architectures/gdln';
import {
  createPacer,
  inputError,
  type LinalgBackend,
  type Matrix,
  type OnProgress,
  type RandomStream,
  throwIfCancelled,
} from '@ggdln/core';
import { requireMatrix } from '@ggdln/linalg';
import { divergedKPath } from './divergence.ts';
import { type KPathNetworkOptions, type KPathStart, kPathLayout, startKPath } from './network.ts';
import { createOptimizer, type OptimizerOptions } from './optimizers.ts';
import { createKPathProgram, type KPathBatch } from './program.ts';
import { createScorer, type KPathScores } from './score.ts';
import type { KPathState, KPathStore } from './state.ts';
import { type KPathTask, kPathSizes, showExamples } from './task.ts';

const where = '@ggdln/learning learnKPath';

/** A cross-entropy in nats that no network reaches that still learns. */
const RUNAWAY = 1e4;

/** Which pairs are trained, the network, and how it learns. */
export interface KPathOptions {
  /**
   * Γ, M × M with input domains in rows; or a mode of `routingGate`, e.g. `4_plus_mod_permute`, with `classes` for the
   * mode `mod`. Permutations come from the run's random numbers, and the gate is part of the state.
   */
  readonly gate: Matrix | { readonly mode: string; readonly classes?: number };
  readonly network: KPathNetworkOptions;
  /** Default Xavier uniform, gain 0.01, biases 0. */
  readonly start?: KPathStart;
  /** Default SGD of rate 1e-4 with momentum 0.9. */
  readonly optimizer?: OptimizerOptions;
  /** Examples of a step; the last, partial batch of an epoch is dropped. Default 128. */
  readonly batch?: number;
  readonly epochs: number;
  /** Draw a new order of examples each epoch. Default true. */
  readonly shuffle?: boolean;
  /** Epochs between two scores of all pairs; the last epoch always has one. Default 1. */
  readonly scoreEvery?: number;
  /** Stop once a score's trained pairs have this training loss. */
  readonly stopBelow?: number;
}

/** Scores after an epoch. */
export interface KPathEpoch {
  readonly epoch: number;
  /** Mean training loss over the steps of the epoch; null before any. */
  readonly loss: number | null;
  readonly train: KPathScores;
  readonly test: KPathScores;
}

export interface KPathRun {
  readonly state: KPathState;
  readonly scores: readonly KPathEpoch[];
}

/** What a run works with. */
export interface KPathContext {
  readonly linalg: LinalgBackend;
  readonly rng: RandomStream;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  readonly onScore?: (score: KPathEpoch) => void;
  /** Goes on from the newest state in it, writes one every `every` epochs and keeps the last `keep` (default 1). */
  readonly checkpoints?: { readonly store: KPathStore; readonly every: number; readonly keep?: number };
  /** Goes on from this state. */
  readonly from?: KPathState;
}

/**
 * Trains a k-path network in float32: an encoder for each input domain, a shared hidden block, a decoder for each output
 * domain, on the pairs that the gate selects, by mini-batches. A run that goes on from a state gives the same bits as
 * one that was never interrupted. Saxe, Sodhani and Lewallen 2022, arXiv:2207.10430; theory page gdln, section 6.
 * @throws GGDLN_INPUT naming what doesn't fit; GGDLN_NUMERICAL for a rate beyond the stability limit, with the limit;
 * GGDLN_CANCELLED.
 */
export async function learnKPath(task: KPathTask, options: KPathOptions, context: KPathContext): Promise<KPathRun> {
  const { signal, onProgress, onScore, checkpoints } = context;
  const { epochs, scoreEvery = 1, stopBelow = 0 } = options;
  const run = await openRun(task, options, context);
  const scores: KPathEpoch[] = [];
  const pace = createPacer();
  const score = async (epoch: number, loss: number | null): Promise<KPathEpoch> => {
    const result = { epoch, loss, train: await run.score('train', pace), test: await run.score('test', pace) };
    scores.push(result);
    onScore?.(result);
    return result;
  };
  let epoch = run.state().epoch;
  if (epoch === 0) await score(0, null);
  for (let done = epoch >= epochs; !done; ) {
    let total = 0;
    const batches = run.batchesOf(epoch);
    for (const [k, batch] of batches.entries()) {
      throwIfCancelled(signal, where);
      total += run.step(batch);
      const steps = epoch * batches.length + k + 1;
      onProgress?.({ stage: 'learning', done: steps, total: epochs * batches.length, unit: 'steps' });
      await pace();
    }
    epoch = run.endEpoch();
    done = epoch >= epochs;
    if (done || epoch % scoreEvery === 0) {
      const { train } = await score(epoch, total / batches.length);
      done ||= train.selectedLoss !== null && train.selectedLoss < stopBelow;
    }
    if (checkpoints && (done || epoch % checkpoints.every === 0)) await save(checkpoints, run.state());
  }
  return { state: run.state(), scores };
}

/** Everything that is made once: parameters, optimizer, programs, work arrays. */
async function openRun(task: KPathTask, options: KPathOptions, { linalg, rng, checkpoints, from }: KPathContext) {
  const sizes = kPathSizes(task);
  const { batch = 128, epochs, shuffle = true, scoreEvery = 1 } = options;
  const optimizerOptions = options.optimizer ?? { use: 'sgd', rate: 1e-4, momentum: 0.9 };
  requireCounts({ batch, epochs, scoreEvery });
  const examples = task.train.labels.length;
  if (batch > examples) throw inputError(where, `a batch has ${batch} of ${examples} examples`, 'Use smaller batches');
  const layout = kPathLayout(sizes, options.network);
  const stored = from ?? (await newestOf(checkpoints?.store));
  const gate = stored?.gate ?? drawGate(options.gate, sizes.domains, rng);
  requireGate(gate, sizes.domains);
  const start = startKPath(layout, sizes.domains, options.start ?? {}, rng.stream('start'));
  const theta = stored ? requireSize(stored.parameters, layout.size).slice() : Float32Array.from(start);
  const optimizer = createOptimizer(optimizerOptions, () => new Float32Array(layout.size));
  optimizer.moments.forEach((moment, k) => {
    if (stored) moment.set(requireSize(stored.moments[k] ?? new Float32Array(0), layout.size));
  });
  const program = createKPathProgram<Float32Array>(layout, gate, batch, Float32Array, linalg);
  const scorer = createScorer(task, sizes, layout, gate, linalg);
  const gradient = new Float32Array(layout.size);
  const load = createLoader(task, sizes, batch);
  let [epoch, steps] = [stored?.epoch ?? 0, stored?.steps ?? 0];
  return {
    score: (part: 'train' | 'test', pause: () => Promise<void> | undefined) => scorer(theta, part, pause),
    batchesOf: (at: number): Int32Array[] => {
      const order = shuffle ? rng.stream(`order/${at}`).permutation(examples) : inOrder(examples);
      const count = Math.floor(examples / batch);
      return Array.from({ length: count }, (_, k) => order.subarray(k * batch, (k + 1) * batch));
    },
    step: (picked: Int32Array): number => {
      const shown = load(picked);
      const loss = program.evaluate(theta, shown, gradient);
      if (!(loss < RUNAWAY)) {
        throw divergedKPath({ loss, steps, options: optimizerOptions }, { layout, gate, start, batch: shown }, linalg);
      }
      optimizer.step(theta, gradient, steps);
      steps++;
      return loss;
    },
    endEpoch: (): number => {
      epoch++;
      return epoch;
    },
    state: (): KPathState => ({
      epoch,
      steps,
      gate,
      parameters: theta.slice(),
      moments: optimizer.moments.map((moment) => moment.slice()),
    }),
  };
}

/** Batches as all domains show them, in arrays that are used again. */
function createLoader(task: KPathTask, { domains, features }: { domains: number; features: number }, batch: number) {
  const inputs = Array.from({ length: domains }, () => new Float32Array(batch * features));
  const labels = task.labels.map(() => new Int32Array(batch));
  return (picked: Int32Array): KPathBatch<Float32Array> => {
    inputs.forEach((out, a) => {
      showExamples(task.train, task.inputs, a, picked, out);
    });
    task.labels.forEach((map, b) => {
      for (let i = 0; i < picked.length; i++) labels[b][i] = map[task.train.labels[picked[i]]];
    });
    return { rows: picked.length, inputs, labels };
  };
}

function inOrder(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, p) => p);
}

function drawGate(wanted: KPathOptions['gate'], domains: number, rng: RandomStream): Matrix {
  if ('rows' in wanted) return wanted;
  const partners = Number(/^(\d+)_/.exec(wanted.mode)?.[1] ?? 0);
  if (partners > domains) {
    throw inputError(
      where,
      `mode ${wanted.mode} asks for ${partners} partners among ${domains} domains`,
      `Give at most ${domains}, or say fully_connected`,
    );
  }
  const permutation = Array.from(rng.stream('gate').permutation(domains));
  return routingGate(domains, wanted.mode, {
    permutation,
    ...(wanted.classes === undefined ? {} : { classes: wanted.classes }),
  });
}

function requireGate(gate: Matrix, domains: number): void {
  requireMatrix(where, 'gate (M × M)', gate, { rows: domains, cols: domains });
  const bad = gate.data.find((value) => value !== 0 && value !== 1);
  if (bad !== undefined) throw inputError(where, `the gate has an entry ${bad}`, 'A pair is trained (1) or not (0)');
  if (!gate.data.includes(1)) throw inputError(where, 'the gate has no trained pair', 'Set at least one entry to 1');
}

async function newestOf(store: KPathStore | undefined): Promise<KPathState | undefined> {
  const newest = (await store?.epochs())?.at(-1);
  return newest === undefined ? undefined : store?.read(newest);
}

async function save({ store, keep = 1 }: NonNullable<KPathContext['checkpoints']>, state: KPathState): Promise<void> {
  await store.write(state);
  const kept = await store.epochs();
  for (const epoch of kept.slice(0, Math.max(0, kept.length - keep))) await store.remove(epoch);
}

function requireSize(values: Float32Array, size: number): Float32Array {
  if (values.length === size) return values;
  throw inputError(
    where,
    `the state has arrays of ${values.length} numbers`,
    `This network and optimizer need ${size}`,
  );
}

function requireCounts(counts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(counts)) {
    if (!Number.isInteger(value) || value < 1) {
      throw inputError(where, `${name} is ${value}`, 'It must be a whole number above 0');
    }
  }
}
