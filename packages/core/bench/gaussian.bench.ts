import { createRandom } from '@ggdln/core';
import type { BenchContext, Contest, Job } from '../../../tooling/bench/src/job.ts';
import { pythonPeer } from '../../../tooling/bench/src/python.ts';
import { timeRuns } from '../../../tooling/bench/src/timing.ts';

const COUNT = 1_000_000;

/** The noise of samplers. */
export const jobs: Job[] = [
  {
    name: 'normals',
    title:
      'standard normals into an array that is there; size precision:count. Peer: NumPy (PCG64, ziggurat), one thread.',
    sizes: [
      { size: `float64:${COUNT}`, prepare: async (context) => fill(context, new Float64Array(COUNT)) },
      { size: `float32:${COUNT}`, prepare: async (context) => fill(context, new Float32Array(COUNT)) },
    ],
  },
];

function fill(context: BenchContext, out: Float64Array | Float32Array): Contest {
  const rng = createRandom('normals');
  const run = () => rng.fillGaussian(out);
  run();
  let square = 0;
  for (const value of out) square += value * value;
  const dtype = out instanceof Float64Array ? 'float64' : 'float32';
  return {
    unit: 'ms',
    backend: 'wasm',
    ours: { name: 'ggdln', check: { variance: square / COUNT }, time: (runs) => timeRuns(runs, run) },
    peers: [pythonPeer(context, { target: 'normals:Fill', needs: [], options: { dtype, count: COUNT }, arrays: {} })],
    // Two Monte-Carlo estimates.
    tolerance: 0.01,
  };
}
