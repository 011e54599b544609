import {
  type Architecture,
  createPacer,
  inputError,
  type LinalgBackend,
  type Matrix,
  type OnProgress,
  type Parameters,
  type RandomStream,
  throwIfCancelled,
} from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { createHmcSampler } from '../hmc/sampler.ts';
import { programOf } from './descendTasks.ts';
import { emptyOutputs, requireSequence, type TaskOutputs, type TaskSequence } from './tasks.ts';

/** How the Gibbs chain of tasks is sampled. */
export interface TaskChainOptions {
  /** Stiffness λ ≥ 0 towards the weights after the task before. */
  readonly lambda: number;
  /** Inverse temperature β > 0 of every task. */
  readonly beta: number;
  /** Independent chains of weights, at least 2. */
  readonly chains: number;
  /** Number of the first chain, so that parts can be sampled apart. Default 0. */
  readonly first?: number;
  /** Trajectories of Hamiltonian Monte Carlo a task; the first half adapts the step. Default 30. */
  readonly updates?: number;
  readonly rng: RandomStream;
  readonly linalg: LinalgBackend;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** Outputs of every chain after every task. */
export interface TaskChainRun {
  readonly runs: readonly TaskOutputs[];
  /** Mean acceptance of the last task's settled trajectories. */
  readonly acceptance: number;
}

const where = '@ggdln/learning sampleTaskChain';

/**
 * Independent draws of the Gibbs chain of continual learning, Θ_t ~ exp(−β/2|f − Y_t|² − λ/2|Θ − Θ_{t−1}|² − |Θ|²/2σ²):
 * normal around λ̃Θ_{t−1} with variance 1/λ̂ before task t's data, which Hamiltonian Monte Carlo brings in. Its theory at
 * infinite width is `continualGibbs`. Source: Shan, Li, Sompolinsky, arXiv:2407.10315; theory page continual, sections 1
 * and 8.1.
 * @throws GGDLN_INPUT for tasks or numbers that don't fit, GGDLN_INCOMPATIBLE for a network without a gradient,
 * GGDLN_CANCELLED.
 */
export async function sampleTaskChain(sequence: TaskSequence, options: TaskChainOptions): Promise<TaskChainRun> {
  requireSequence(where, sequence);
  requireOptions(options);
  const { chains, first = 0, rng, linalg, signal, onProgress } = options;
  const { tasks } = sequence;
  const programs = tasks.map(({ inputs, y }) => programOf(sequence, inputs, matrix(y.length, 1, y), linalg));
  const pace = createPacer();
  const runs: TaskOutputs[] = [];
  let accepted = 0;
  for (let chain = 0; chain < chains; chain++) {
    const outputs = emptyOutputs(sequence);
    let theta: Parameters | undefined;
    for (let t = 0; t < tasks.length; t++) {
      throwIfCancelled(signal, where);
      await pace();
      const stream = rng
        .stream('chain')
        .stream(first + chain)
        .stream(t);
      const drawn = drawAfter(sequence, programs[t], t, theta, options, stream);
      theta = drawn.parameters;
      if (t + 1 === tasks.length) accepted += drawn.acceptance / chains;
      write(sequence, theta, t, outputs, linalg);
    }
    runs.push(outputs);
    onProgress?.({ stage: 'chains of tasks', done: chain + 1, total: chains, unit: 'chains' });
  }
  return { runs, acceptance: accepted };
}

function requireOptions({ lambda, beta, chains, first = 0, updates = 30 }: TaskChainOptions): void {
  if (!(lambda >= 0 && Number.isFinite(lambda)))
    throw inputError(where, `lambda is ${lambda}`, 'Give a finite number ≥ 0');
  if (!(beta > 0 && Number.isFinite(beta))) throw inputError(where, `beta is ${beta}`, 'Give a finite number > 0');
  for (const [name, value, least] of [
    ['chains', chains, 2],
    ['first', first, 0],
    ['updates', updates, 2],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < least)
      throw inputError(where, `${name} is ${value}`, `Give a whole number ≥ ${least}`);
  }
}

/** A draw of the weights after task t, given those before. */
function drawAfter(
  { architecture, tasks }: TaskSequence,
  program: ReturnType<typeof programOf>,
  t: number,
  before: Parameters | undefined,
  { lambda, beta, updates = 30, linalg }: TaskChainOptions,
  rng: RandomStream,
): { readonly parameters: Parameters; readonly acceptance: number } {
  const precision = (t === 0 ? 0 : lambda) + architecture.sigma ** -2;
  const kept = t === 0 ? 0 : lambda / precision;
  const centre = Object.entries(before ?? {}).map(([name, values]) => [name, values.map((w) => kept * w)] as const);
  const moved = around(architecture, 1 / Math.sqrt(precision), program, centre);
  const { inputs, y } = tasks[t];
  const train = { ...inputs, Y: matrix(y.length, 1, y) };
  const problem = { architecture: moved, train, test: train, temperature: 1 / beta, gateNames: [] };
  const sampler = createHmcSampler(problem, { length: Math.PI / 2, target: 0.8, maxSteps: 200 }, linalg);
  let state = sampler.init(rng);
  let [acceptance, settled] = [0, 0];
  for (let k = 0; k < updates; k++) {
    const move = sampler.move(state, 2 * k < updates);
    state = move.state;
    if (2 * k < updates) continue;
    acceptance += move.acceptance;
    settled++;
  }
  const offset = new Map(centre);
  const parameters = Object.fromEntries(
    Object.entries(state.parameters).map(([name, values]) => {
      const from = offset.get(name);
      return [name, from ? values.map((w, i) => w + from[i]) : values];
    }),
  );
  return { parameters, acceptance: acceptance / settled };
}

/** The same network with its weights measured from a centre, so that the prior around the centre is one around 0. */
function around(
  architecture: Architecture,
  sigma: number,
  program: ReturnType<typeof programOf>,
  centre: readonly (readonly [string, Float64Array])[],
): Architecture {
  const offset = Float64Array.from(centre.flatMap(([, values]) => [...values]));
  const shifted = new Float64Array(program.size);
  const at = (theta: ArrayLike<number>) => {
    for (let i = 0; i < shifted.length; i++) shifted[i] = theta[i] + (offset[i] ?? 0);
    return shifted;
  };
  const own = {
    size: program.size,
    outputs: (theta: Float64Array) => program.outputs(at(theta)),
    evaluate: (theta: Float64Array, gradient: Float64Array) => program.evaluate(at(theta), gradient),
  };
  // The sampler asks for float64 programs on the task's own examples alone.
  const gradient = (() => own) as unknown as NonNullable<Architecture['gradient']>;
  return { ...architecture, sigma, gradient };
}

function write(
  sequence: TaskSequence,
  theta: Parameters,
  t: number,
  outputs: TaskOutputs,
  linalg: LinalgBackend,
): void {
  const { architecture, tasks } = sequence;
  const put = (to: Matrix, f: Matrix) => to.data.set(f.data, t * to.cols);
  tasks.forEach(({ inputs, test }, s) => {
    put(outputs.train[s], architecture.predict(theta, inputs, linalg));
    if (test) put(outputs.test[s], architecture.predict(theta, test, linalg));
  });
}
