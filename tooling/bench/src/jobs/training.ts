import { createGgdln, createMlp, drawPrior } from '@ggdln/architectures';
import { type Architecture, createRandom, type GatedExamples, type LinalgBackend, type Parameters } from '@ggdln/core';
import { createStepper } from '@ggdln/learning';
import { matrix } from '@ggdln/linalg';
import { nativeLinalg } from '../backends.ts';
import type { Bar, BenchContext, Contest, Contestant, Job, Peer } from '../job.ts';
import { benchProblem, stored, storedShape } from '../problems.ts';
import { pythonPeer } from '../python.ts';
import { timeRuns } from '../timing.ts';

const SIGMA = 1;
const TEMPERATURE = 0.05;
export const STEP_SIZE = 1e-4;
export const P = 500;
const [N0, WIDTH, GATES] = [784, 500, 10];

/** The nets of the training jobs. */
export const NETS = [
  { name: 'ggdln1', depth: 1, gated: true },
  { name: 'ggdln2', depth: 2, gated: true },
  { name: 'relu1', depth: 1, gated: false },
  { name: 'relu2', depth: 2, gated: false },
] as const;
export type Net = (typeof NETS)[number];

export const netSize = (net: Net, examples: number = P): string => `${net.name}:${examples},${N0},${WIDTH},${GATES}`;

export const trainStep: Job = {
  name: 'train-step',
  title:
    'one full-batch step of gradient descent in float32: loss, gradient, new weights; size net:P,N0,N,M (ReLU nets have no gates). Peer: PyTorch layer by layer, with its own gradients. ' +
    'Ours contracts the weights of gated nets first, which has fewer operations: the floor counts those.',
  bar: stepBar(1),
  sizes: NETS.map((net) => ({
    size: netSize(net),
    prepare: (context) => native(context, { net, count: P, noise: false }),
  })),
};

export const langevinStep: Job = {
  name: 'langevin-step',
  title: 'train-step with weight decay and Gaussian noise on every weight.',
  bar: () => ({ most: 1.1 }),
  sizes: NETS.map((net) => ({
    size: netSize(net),
    prepare: (context) => native(context, { net, count: P, noise: true }),
  })),
};

/** What noise costs beside everything else. */
export const langevinNoise: Job = {
  name: 'langevin-noise',
  title:
    'langevin-step beside our own train-step (the peer): what decay and noise add. Of gated nets, whose plain steps have few operations for each weight, noise is a larger part.',
  bar: (size) => (size.startsWith('relu') ? { most: 1.2 } : undefined),
  sizes: NETS.map((net) => ({ size: netSize(net), prepare: (context) => noiseOf(context, net) })),
};

/** Fewer examples than inputs: the step need not look at directions that no example has. */
export const trainStepCompressed: Job = {
  name: 'train-step-compressed',
  title:
    'train-step with P = 200 examples of N0 = 784 inputs, in which a step can be done on fewer directions, exactly.',
  bar: () => ({ most: 0.6 }),
  sizes: [
    {
      size: netSize(NETS[0], 200),
      prepare: (context) => native(context, { net: NETS[0], count: 200, noise: false }),
    },
  ],
};

function stepBar(oneLayer: number): (size: string) => Bar {
  return (size) => ({ most: /^[a-z]+1:/.test(size) ? oneLayer : 1.1 });
}

/** A net, what it learns, and weights drawn from the prior. */
export interface TrainingProblem {
  readonly architecture: Architecture;
  readonly examples: GatedExamples;
  readonly parameters: Parameters;
}

export function trainingProblem({ depth, gated }: Net, count: number = P): TrainingProblem {
  const { X, y, gates } = benchProblem(count, N0, GATES);
  const sizes = { depth, width: WIDTH, sigma: SIGMA };
  const architecture = gated ? createGgdln(sizes) : createMlp({ ...sizes, activation: 'relu' });
  // A net without gates takes one that is always open.
  const layers = Array.from({ length: depth }, () =>
    gated ? gates : matrix(count, 1, new Float64Array(count).fill(1)),
  );
  const dimensions = { inputs: N0, gates: layers.map(({ cols }) => cols), outputs: 1 };
  return {
    architecture,
    examples: { inputs: { X, gates: layers }, targets: matrix(count, 1, y) },
    parameters: drawPrior(architecture, dimensions, createRandom('weights')),
  };
}

interface StepOptions {
  readonly net: Net;
  /** Examples. */
  readonly count: number;
  readonly noise: boolean;
}

async function native(context: BenchContext, options: StepOptions): Promise<Contest> {
  return step(context, await nativeLinalg(context.threads), options);
}

/** A step by the network's own gradient beside PyTorch. */
export async function step(
  context: BenchContext,
  linalg: LinalgBackend,
  { net, count, noise }: StepOptions,
): Promise<Contest> {
  const problem = trainingProblem(net, count);
  return {
    unit: 'ms',
    backend: linalg.name,
    ours: ownStep(problem, linalg, { name: 'ggdln', noise }),
    peers: [trainingPeer(context, problem, net, noise)],
    flops: { count: stepFlops(net, count), precision: 'float32' },
    tolerance: 1e-3,
  };
}

async function noiseOf({ threads }: BenchContext, net: Net): Promise<Contest> {
  const linalg = await nativeLinalg(threads);
  const problem = trainingProblem(net);
  const plain = ownStep(problem, linalg, { name: 'ggdln without noise', noise: false });
  return {
    unit: 'ms',
    backend: linalg.name,
    ours: ownStep(problem, linalg, { name: 'ggdln', noise: true }),
    peers: [{ name: plain.name, start: async () => plain }],
    tolerance: 0,
  };
}

/** A step by the network's own gradient, from the weights of the problem on. */
function ownStep(
  { architecture, examples, parameters }: TrainingProblem,
  linalg: LinalgBackend,
  { name, noise }: { readonly name: string; readonly noise: boolean },
): Contestant {
  const program = architecture.gradient!(examples, Float32Array, linalg);
  const theta = Float32Array.from(Object.values(parameters).flatMap((values) => Array.from(values)));
  const gradient = new Float32Array(program.size);
  const check = { loss: program.evaluate(theta, gradient), 'squared gradient': squareNorm(gradient) };
  const noisy = { temperature: TEMPERATURE, decay: TEMPERATURE / SIGMA ** 2, rng: createRandom('noise') };
  const run = createStepper<Float32Array>({ program, theta, stepSize: STEP_SIZE, ...(noise ? noisy : {}) });
  return { name, check, time: (runs) => timeRuns(runs, run) };
}

/** The same net, data and weights in PyTorch. */
export function trainingPeer(context: BenchContext, problem: TrainingProblem, net: Net, noise = false): Peer {
  const { architecture, examples, parameters } = problem;
  const { inputs, targets } = examples;
  const gates = inputs.gates.map(({ cols }) => cols);
  const shapes = architecture.shapes({ inputs: inputs.X.cols, gates, outputs: 1 });
  const weights = Object.fromEntries(
    Object.entries(parameters).map(([name, values]) => [name, storedShape(shapes[name], values)]),
  );
  return pythonPeer(context, {
    target: 'training:Step',
    needs: ['torch'],
    options: { depth: net.depth, noise, stepSize: STEP_SIZE, sigma: SIGMA, temperature: TEMPERATURE },
    arrays: {
      ...weights,
      ...(net.gated ? { gates: stored(inputs.gates[0]) } : {}),
      X: stored(inputs.X),
      y: stored(targets),
    },
  });
}

/**
 * Of a step as we do it. Layer by layer: two products with the lowest weights and three with each of the others. Gated
 * nets instead contract the weights of all layers for each composite gate first (three products a layer with its
 * gradient) and pass examples through the result (two). 2 flops a multiply-add.
 */
export function stepFlops({ depth, gated }: Net, count: number): number {
  if (!gated) return 2 * count * WIDTH * (2 * N0 + 3 * (depth - 1) * WIDTH + 3);
  const paths = GATES ** depth;
  const upper = depth === 2 ? (GATES * WIDTH) ** 2 : 0;
  return 2 * (3 * paths * WIDTH * N0 + 3 * upper + 2 * count * paths * N0);
}

function squareNorm(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
