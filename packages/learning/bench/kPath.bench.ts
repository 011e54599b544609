import { routingGate } from '@ggdln/architectures/gdln';
import { createRandom } from '@ggdln/core';
import { createKPathProgram, createOptimizer, kPathLayout, startKPath } from '@ggdln/learning/k-path';
import { matrix } from '@ggdln/linalg';
import { nativeLinalg } from '../../../tooling/bench/src/backends.ts';
import type { BenchContext, Contest, Job } from '../../../tooling/bench/src/job.ts';
import { stored } from '../../../tooling/bench/src/problems.ts';
import { pythonPeer } from '../../../tooling/bench/src/python.ts';
import { timeRuns } from '../../../tooling/bench/src/timing.ts';

const FEATURES = 784;
const CLASSES = 10;

/** Classification over many pairs of domains. */
export const jobs: Job[] = [
  {
    name: 'k-path-step',
    title:
      'steps of SGD with momentum a second on a k-path network in float32; size domains,partners,batch,width at 784 features, 10 classes. Peer: PyTorch.',
    sizes: [
      [10, 4, 100, 128],
      [40, 10, 8, 128],
    ].map(([domains, partners, batch, width]) => ({
      size: [domains, partners, batch, width].join(),
      prepare: (context) => step(context, { domains, partners, batch, width }),
    })),
  },
];

interface StepSize {
  readonly domains: number;
  readonly partners: number;
  readonly batch: number;
  readonly width: number;
}

async function step(context: BenchContext, { domains, partners, batch, width }: StepSize): Promise<Contest> {
  const linalg = await nativeLinalg(context.threads);
  const rng = createRandom('k-path');
  const layout = kPathLayout({ domains, features: FEATURES, classes: CLASSES }, { width });
  const gate = routingGate(domains, `${partners}_plus_mod`);
  const start = startKPath(layout, domains, { gain: 1 }, rng);
  const theta = Float32Array.from(start);
  const gradient = new Float32Array(layout.size);
  const inputs = Array.from({ length: domains }, () => rng.fillGaussian(new Float32Array(batch * FEATURES)));
  const labels = inputs.map(() => Int32Array.from({ length: batch }, () => rng.integer(CLASSES)));
  const program = createKPathProgram<Float32Array>(layout, gate, batch, Float32Array, linalg);
  const shown = { rows: batch, inputs, labels };
  const settings = { rate: 1e-4, momentum: 0.9 };
  const optimizer = createOptimizer<Float32Array>({ use: 'sgd', ...settings }, () => new Float32Array(layout.size));
  const loss = program.evaluate(theta, shown, gradient);
  const check = { loss, 'squared gradient': gradient.reduce((sum, value) => sum + value * value, 0) };
  let steps = 0;
  const run = () => {
    program.descend(theta, shown, (part, at) => optimizer.step(theta, part, steps, at));
    steps++;
  };
  const flat = (lists: readonly ArrayLike<number>[]) => Float64Array.from(lists.flatMap((list) => Array.from(list)));
  const blocks = (at: number, count: number, rows: number, cols: number) =>
    stored(matrix(count * rows, cols + 1, withBiases(start.subarray(at, at + count * rows * (cols + 1)), rows, cols)));
  return {
    unit: '1/s',
    backend: linalg.name,
    ours: { name: 'ggdln', check, time: (runs) => timeRuns(runs, run) },
    peers: [
      pythonPeer(context, {
        target: 'kpath:Step',
        needs: ['torch'],
        options: { domains, features: FEATURES, width, classes: CLASSES, ...settings },
        arrays: {
          gate: stored(gate),
          inputs: stored(matrix(domains * batch, FEATURES, flat(inputs))),
          labels: stored(matrix(domains, batch, flat(labels))),
          encoders: blocks(0, domains, width, FEATURES),
          hidden: blocks(layout.hiddenAt, 1, width, width),
          decoders: blocks(layout.decoderAt(0), domains, CLASSES, width),
        },
      }),
    ],
    // Encoders forwards and back, the hidden layer twice back, decoders of the trained pairs.
    flops: {
      count: 2 * domains * batch * width * (2 * FEATURES + 3 * width + 3 * partners * CLASSES),
      precision: 'float32',
    },
    tolerance: 1e-3,
  };
}

/** Blocks of rows × cols weights and then their biases, as rows of cols + 1 numbers. */
function withBiases(values: Float64Array, rows: number, cols: number): Float64Array {
  const out = new Float64Array(values.length);
  const size = rows * (cols + 1);
  for (let at = 0; at < values.length; at += size) {
    for (let i = 0; i < rows; i++) {
      out.set(values.subarray(at + i * cols, at + (i + 1) * cols), at + i * (cols + 1));
      out[at + i * (cols + 1) + cols] = values[at + rows * cols + i];
    }
  }
  return out;
}
