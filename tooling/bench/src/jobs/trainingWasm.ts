import type { Architecture } from '@ggdln/core';
import { createWasmBackend } from '@ggdln/linalg';
import { selectTensorBackend } from '@ggdln/tensor';
import * as tf from '@tensorflow/tfjs-core';
import { jaxPeer } from '../jaxPeer.ts';
import type { BenchContext, Contest, Contestant, Job } from '../job.ts';
import { timeRuns } from '../timing.ts';
import {
  NETS,
  type Net,
  netSize,
  P,
  STEP_SIZE,
  step,
  stepFlops,
  type TrainingProblem,
  trainingPeer,
  trainingProblem,
} from './training.ts';

export const trainStepWasm: Job = {
  name: 'train-step-wasm',
  title:
    'train-step on TensorFlow.js with its wasm backend (one thread, whatever the peer has), differentiated by TensorFlow.js. Peers: PyTorch, and jax-js on wasm.',
  bar: (_, peer) => ({ most: peer?.startsWith('jax-js') ? 1 : 5 }),
  sizes: NETS.map((net) => ({ size: netSize(net), prepare: (context) => onTensors(context, net) })),
};

export const trainStepPortable: Job = {
  name: 'train-step-portable',
  title:
    "train-step by the networks' own gradients on portable WebAssembly: what learners do without a native library.",
  bar: () => ({ most: 5 }),
  sizes: NETS.map((net) => ({
    size: netSize(net),
    prepare: async (context) => {
      const contest = await step(context, await createWasmBackend(), { net, count: P, noise: false });
      return { ...contest, peers: [...contest.peers, jaxPeer(trainingProblem(net), net, STEP_SIZE)] };
    },
  })),
};

async function onTensors(context: BenchContext, net: Net): Promise<Contest> {
  await selectTensorBackend('wasm');
  const problem = trainingProblem(net);
  return {
    unit: 'ms',
    backend: 'tfjs-wasm',
    ours: await tensorSteps(problem),
    peers: [trainingPeer(context, problem, net), jaxPeer(problem, net, STEP_SIZE)],
    flops: { count: stepFlops(net, P), precision: 'float32' },
    tolerance: 2e-3,
  };
}

/** Steps of gradient descent on tensors that stay on the backend. */
async function tensorSteps({ architecture, examples, parameters }: TrainingProblem): Promise<Contestant> {
  const { X, gates } = examples.inputs;
  const shapes = architecture.shapes({ inputs: X.cols, gates: gates.map(({ cols }) => cols), outputs: 1 });
  const upload = (values: Float64Array, shape: readonly number[]) => tf.tensor(Float32Array.from(values), [...shape]);
  const names = Object.keys(parameters);
  let weights = names.map((name) => upload(parameters[name], shapes[name]));
  const inputs = { X: upload(X.data, [X.rows, X.cols]), gates: gates.map((g) => upload(g.data, [g.rows, g.cols])) };
  const targets = upload(examples.targets.data, [X.rows, 1]);
  const apply = architecture.apply as NonNullable<Architecture<tf.Tensor>['apply']>;
  const energy = (...values: tf.Tensor[]) => {
    const named = Object.fromEntries(names.map((name, i) => [name, values[i]]));
    return tf.mul(tf.sum(tf.square(tf.sub(apply(named, inputs), targets))), 0.5) as tf.Scalar;
  };
  const slope = tf.valueAndGrads(energy);
  const { value, grads } = slope(weights);
  let square = 0;
  for (const gradient of grads) for (const part of await gradient.data()) square += part * part;
  const check = { loss: (await value.data())[0], 'squared gradient': square };
  tf.dispose([value, ...grads]);
  const run = async () => {
    const moved = tf.tidy(() =>
      slope(weights).grads.map((gradient, i) => tf.sub(weights[i], tf.mul(gradient, STEP_SIZE))),
    );
    tf.dispose(weights);
    weights = moved;
    for (const weight of weights) await weight.data();
  };
  return { name: 'ggdln', check, time: (runs) => timeRuns(runs, run) };
}
