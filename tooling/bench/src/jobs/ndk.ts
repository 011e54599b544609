import { matrix } from '@ggdln/linalg';
import { reluActivation } from '@ggdln/theory/kernels';
import { ndkEulerScheme } from '@ggdln/theory/ndk';
import { fastestLinalg } from '../backends.ts';
import type { BenchContext, Contest, Job } from '../job.ts';
import { benchProblem, stored, storedShape } from '../problems.ts';
import { pythonPeer } from '../python.ts';
import { timeRuns } from '../timing.ts';

const N0 = 40;
const SETTING = { depth: 1, sigma: 1, sigma0: 1.4, temperature: 0.1 };

const TITLE =
  'the mean output of an infinitely wide ReLU network under Langevin learning, by the recursion of the simulated scheme; size P,steps. Ours interpolates the kernel in the correlation of the weights, exactly to rounding.';

export const ndkVolterra: Job = {
  name: 'ndk-volterra',
  title: `${TITLE} Peer: NumPy by the same algorithm.`,
  bar: () => ({ most: 1 }),
  sizes: [
    { size: '40,100', prepare: (context) => scheme(context, 40, 100, 'Interpolated') },
    { size: '100,400', prepare: (context) => scheme(context, 100, 400, 'Interpolated') },
  ],
};

export const ndkVolterraPairs: Job = {
  name: 'ndk-volterra-pairs',
  title: `${TITLE} Peer: NumPy, a kernel for each pair of times, whole P × P arrays at a time; run once.`,
  bar: () => ({ most: 1 }),
  long: true,
  sizes: [
    { size: '100,400', prepare: async (context) => ({ ...(await scheme(context, 100, 400, 'Scheme')), once: true }) },
  ],
};

async function scheme(
  context: BenchContext,
  P: number,
  steps: number,
  peer: 'Interpolated' | 'Scheme',
): Promise<Contest> {
  const linalg = await fastestLinalg(context.threads);
  const { X, y } = benchProblem(P, N0, 1);
  const { depth, sigma, sigma0, temperature } = SETTING;
  const network = { activation: reluActivation, depth, sigma, sigma0, temperature };
  const step = 0.02;
  const free = matrix(steps, P);
  let last = new Float64Array(P);
  const run = async () => {
    const path = await ndkEulerScheme({ network, X, y }, step, free, { linalg });
    last = path.data.slice((steps - 1) * P);
  };
  await run();
  return {
    unit: 'ms',
    backend: linalg.name,
    ours: {
      name: 'ggdln',
      check: { norm: Math.hypot(...last), first: last[0] },
      time: (runs) => timeRuns(runs, run),
    },
    peers: [
      pythonPeer(context, {
        target: `ndk:${peer}`,
        needs: [],
        options: { ...SETTING, steps, step },
        arrays: { X: stored(X), y: storedShape([P], y) },
      }),
    ],
    tolerance: 1e-9,
  };
}
