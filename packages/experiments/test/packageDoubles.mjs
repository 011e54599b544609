// A small experiment on the built packages: what scripts and worker processes of the package tests compute.
import { existsSync, writeFileSync } from 'node:fs';
import {
  createRegistry,
  defineArchitecture,
  defineDataset,
  defineGating,
  defineLearner,
  integer,
  NotConvergedError,
  text,
} from '@ggdln/core';

const matrix = (rows, cols, entry) => ({
  rows,
  cols,
  data: Float64Array.from({ length: rows * cols }, (_, i) => entry(i)),
});
const info = { title: 'Double', summary: 'A test double.', options: {} };
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const dataset = defineDataset({
  ...info,
  create: (_options, { rng }) => {
    const examples = () => ({ X: matrix(4, 2, () => rng.gaussian()), Y: matrix(4, 1, (i) => (i % 2 ? 1 : -1)) });
    return { train: examples(), test: examples(), provenance: {} };
  },
});
const gating = defineGating({
  ...info,
  create: () => ({ fit: () => ({}), gates: (_state, X) => ({ values: matrix(X.rows, 1, () => 1), names: ['on'] }) }),
});
const architecture = defineArchitecture({
  ...info,
  options: { width: integer({ title: 'Width', default: 1, help: 'N.' }) },
  create: ({ width }) => ({
    family: 'double',
    widths: [width],
    sigma: 1,
    shapes: () => ({}),
    predict: () => undefined,
  }),
});

function resultOf(rng) {
  const batch = () => matrix(20, 4, () => rng.gaussian());
  const batches = { mean: batch(), square: batch() };
  const estimate = { value: matrix(4, 1, () => rng.gaussian()) };
  return {
    predictor: { mean: estimate, variance: estimate, batches },
    orderParameters: {},
    diagnostics: {},
    parameters: [],
  };
}

const learner = defineLearner({
  ...info,
  role: 'exact-sampling',
  supports: () => undefined,
  create: () => ({
    async *run(_problem, { rng }) {
      for (let step = 1; step <= 5; step++) {
        await pause(10);
        yield { step, total: 5, scalars: {} };
      }
      return resultOf(rng);
    },
  }),
});

/** Two chains whose results are averaged, with mishaps on demand. */
const chained = defineLearner({
  ...info,
  options: {
    mishap: text({ title: 'Mishap', default: '', help: 'exit, kill, hang, diverge, defect or flags.' }),
    at: integer({ title: 'At', default: 2, help: 'Width at which it happens.' }),
    once: text({ title: 'Once', default: '', help: 'A file that is written so that it happens only once.' }),
  },
  role: 'exact-sampling',
  supports: () => undefined,
  create: (options) => {
    const run = async (index, { architecture: { widths } }, { rng, onProgress, onWarning }) => {
      if (widths[0] === options.at) await mishap(options);
      await pause(index === 0 ? 20 : 1);
      onProgress?.({ stage: `chain ${index}`, done: 1, total: 1 });
      onWarning?.({ code: 'chain', message: `chain ${index} at ${widths[0]}` });
      return resultOf(rng.stream('chain').stream(index));
    };
    const join = (ends) => {
      const matrices = ends.map(({ predictor }) => predictor.batches.mean);
      const mean = matrix(20, 4, (i) => (matrices[0].data[i] + 2 * matrices[1].data[i]) / 3);
      return { ...ends[0], predictor: { ...ends[0].predictor, batches: { mean, square: mean } } };
    };
    return {
      chains: { count: 2, run, join },
      // biome-ignore lint/correctness/useYield: a learner that shows nothing while it runs.
      async *run(problem, context) {
        const ends = [];
        for (const index of [0, 1]) ends.push(await run(index, problem, context));
        return join(ends);
      },
    };
  },
});

async function mishap({ mishap: kind, once }) {
  if (once !== '' && existsSync(once)) return;
  if (once !== '') writeFileSync(once, 'happened');
  if (kind === 'exit') process.exit(7);
  if (kind === 'kill') process.kill(process.pid, 'SIGKILL');
  if (kind === 'diverge') throw new NotConvergedError({ where: 'double', problem: 'no convergence' }, {});
  if (kind === 'defect') throw new TypeError('x is not a function');
  if (kind === 'flags') throw new NotConvergedError({ where: 'double', problem: process.execArgv.join(' ') }, {});
  while (kind === 'hang') await pause(1000);
}

/** All doubles. */
export const registry = createRegistry([
  {
    name: 'doubles',
    contract: '1.0.0',
    dataset: { double: dataset },
    gating: { double: gating },
    architecture: { double: architecture },
    learner: { double: learner, chained },
  },
]);
/** A backend that nothing here calls. */
export const linalg = { name: 'none', description: '' };

/** An experiment of one learner over widths 1, 2, …. */
export function experiment(use, points, options = {}) {
  const part = { use: 'double' };
  return {
    ggdln: 1,
    name: 'doubles',
    temperature: 1,
    dataset: part,
    gating: part,
    architecture: part,
    learners: [{ use, ...options }],
    sweep: { 'architecture.width': Array.from({ length: points }, (_, i) => i + 1) },
  };
}

/** Makes this module one that worker processes can be set up with. */
export function setUpWorker({ backend = 'none', fail = false }) {
  if (fail) throw new Error('no such plugin');
  return { registry, linalg: { ...linalg, name: backend } };
}
