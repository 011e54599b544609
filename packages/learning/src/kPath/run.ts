import { routingGate } from '@ggdln/architectures/gdln';
import { inputError, type LinalgBackend, type Matrix, type RandomStream } from '@ggdln/core';
import { requireMatrix } from '@ggdln/linalg';
import type { KPathBatch } from './batch.ts';
import { divergedKPath } from './divergence.ts';
import { type KPathNetworkOptions, type KPathStart, kPathLayout, startKPath } from './network.ts';
import { createOptimizer, type OptimizerOptions } from './optimizers.ts';
import { createKPathProgram } from './program.ts';
import { createScorer, type KPathEpoch } from './score.ts';
import type { KPathState } from './state.ts';
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
  /**
   * Subtract what the network says at the start from what it says, f(x; θ) − f(x; θ₀), for training and scores: without
   * that, large starts aren't lazy, as their own outputs must be unlearned (theory page gdln, section 5.2). θ₀ are the
   * weights that this run's random numbers give. `scale` α > 0 (default 1) multiplies the difference, and the gradient is
   * that of the loss over α², so that the network becomes its linearisation as α grows (Chizat, Oyallon and Bach 2019,
   * arXiv:1812.07956). Default false.
   */
  readonly centred?: boolean | { readonly scale: number };
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

/** What is stepped: parameters, optimizer, programs and work arrays, made once. */
export interface KPathCourse {
  readonly stepsPerEpoch: number;
  /** Steps done. */
  steps(): number;
  /** Epochs done. */
  epoch(): number;
  /** Mean loss of the steps of the last epoch. */
  meanLoss(): number;
  score(part: 'train' | 'test', pause: () => Promise<void> | undefined): Promise<KPathEpoch['train']>;
  /** The next step of the epoch. @throws GGDLN_NUMERICAL where learning runs away. */
  step(): void;
  /** @param scores To be kept with it. */
  state(scores: readonly KPathEpoch[]): KPathState;
}

/** @param stored Goes on from there. @throws GGDLN_INPUT naming what doesn't fit. */
export function openCourse(
  task: KPathTask,
  options: KPathOptions,
  { linalg, rng, stored }: { readonly linalg: LinalgBackend; readonly rng: RandomStream; readonly stored?: KPathState },
): KPathCourse {
  const sizes = kPathSizes(task);
  const { batch = 128, epochs, shuffle = true, scoreEvery = 1 } = options;
  const optimizerOptions = options.optimizer ?? { use: 'sgd', rate: 1e-4, momentum: 0.9 };
  requireCounts({ batch, epochs, scoreEvery });
  const examples = task.train.labels.length;
  if (batch > examples) throw inputError(where, `a batch has ${batch} of ${examples} examples`, 'Use smaller batches');
  const layout = kPathLayout(sizes, options.network);
  const gate = stored?.gate ?? drawGate(options.gate, sizes.domains, rng);
  requireGate(gate, sizes.domains);
  const start = startKPath(layout, sizes.domains, options.start ?? {}, rng.stream('start'));
  const theta = stored ? requireSize(stored.parameters, layout.size).slice() : Float32Array.from(start);
  const optimizer = createOptimizer<Float32Array>(optimizerOptions, () => new Float32Array(layout.size));
  optimizer.moments.forEach((moment, k) => {
    if (stored) moment.set(requireSize(stored.moments[k] ?? new Float32Array(0), layout.size));
  });
  const scale = centreScale(options.centred);
  const centre = scale === undefined ? undefined : { start: Float32Array.from(start), scale };
  const program = createKPathProgram<Float32Array>(layout, gate, batch, Float32Array, linalg, centre);
  const scorer = createScorer(task, sizes, layout, gate, linalg, centre);
  const load = createLoader(task, sizes, batch);
  const stepsPerEpoch = Math.floor(examples / batch);
  let { epoch, steps, lossSum } = requirePlace(stored, stepsPerEpoch, epochs);
  let order: Int32Array | undefined;
  return {
    stepsPerEpoch,
    steps: () => steps,
    epoch: () => epoch,
    meanLoss: () => lossSum / stepsPerEpoch,
    score: (part, pause) => scorer(theta, part, pause),
    step: () => {
      const k = steps - epoch * stepsPerEpoch;
      if (k === 0) [order, lossSum] = [undefined, 0];
      order ??= shuffle ? rng.stream(`order/${epoch}`).permutation(examples) : inOrder(examples);
      const shown = load(order.subarray(k * batch, (k + 1) * batch));
      const loss = program.descend(theta, shown, (part, at) => optimizer.step(theta, part, steps, at));
      if (!(loss < RUNAWAY)) {
        const place = { layout, gate, start, batch: shown, ...(scale === undefined ? {} : { scale }) };
        throw divergedKPath({ loss, steps, options: optimizerOptions }, place, linalg);
      }
      lossSum += loss;
      steps++;
      epoch = Math.floor(steps / stepsPerEpoch);
    },
    state: (scores) => ({
      epoch,
      steps,
      lossSum,
      gate,
      parameters: theta.slice(),
      moments: optimizer.moments.map((moment) => moment.slice()),
      scores: [...scores],
    }),
  };
}

/** Where a run goes on. */
function requirePlace(stored: KPathState | undefined, stepsPerEpoch: number, epochs: number) {
  const { epoch, steps, lossSum } = stored ?? { epoch: 0, steps: 0, lossSum: 0 };
  if (epoch > epochs || (epoch === epochs && steps > epoch * stepsPerEpoch)) {
    throw inputError(where, `the state has ${epoch} epochs behind it, of ${epochs}`, 'Ask for as many epochs or more');
  }
  if (Math.floor(steps / stepsPerEpoch) === epoch) return { epoch, steps, lossSum };
  throw inputError(
    where,
    `the state has ${steps} steps in ${epoch} epochs, but an epoch has ${stepsPerEpoch} here`,
    'Go on with the batch size and the examples of the run that it is of',
  );
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

/** @returns Nothing for a network that isn't centred. */
function centreScale(centred: KPathOptions['centred'] = false): number | undefined {
  if (typeof centred === 'boolean') return centred ? 1 : undefined;
  const { scale } = centred;
  if (scale > 0 && Number.isFinite(scale)) return scale;
  throw inputError(where, `centred.scale is ${scale}`, 'Give a finite number above 0');
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
