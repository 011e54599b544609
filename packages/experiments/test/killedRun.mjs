// Runs a small experiment of its own in the folder given: what killedRun.package.test.ts starts and kills.
import { createRegistry, defineArchitecture, defineDataset, defineGating, defineLearner, integer } from '@ggdln/core';
import { resolveSpec, runExperiment } from '@ggdln/experiments';
import { openFolderStore, writeResults } from '@ggdln/experiments/node';

const matrix = (rows, cols, entry) => ({
  rows,
  cols,
  data: Float64Array.from({ length: rows * cols }, (_, i) => entry(i)),
});
const info = { title: 'Double', summary: 'A test double.', options: {} };

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
const learner = defineLearner({
  ...info,
  role: 'exact-sampling',
  supports: () => undefined,
  create: () => ({
    async *run(_problem, { rng }) {
      const batch = () => matrix(20, 4, () => rng.gaussian());
      const batches = { mean: batch(), square: batch() };
      for (let step = 1; step <= 5; step++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        yield { step, total: 5, scalars: {} };
      }
      const estimate = { value: matrix(4, 1, () => rng.gaussian()) };
      return {
        predictor: { mean: estimate, variance: estimate, batches },
        orderParameters: {},
        diagnostics: {},
        parameters: [],
      };
    },
  }),
});

const registry = createRegistry([
  {
    name: 'doubles',
    contract: '1.0.0',
    dataset: { double: dataset },
    gating: { double: gating },
    architecture: { double: architecture },
    learner: { double: learner },
  },
]);
const part = { use: 'double' };
const spec = resolveSpec(
  {
    ggdln: 1,
    name: 'killed',
    temperature: 1,
    dataset: part,
    gating: part,
    architecture: part,
    learners: [part],
    sweep: { 'architecture.width': Array.from({ length: 24 }, (_, i) => i + 1) },
  },
  registry,
);
const folder = process.argv[2];
const store = await openFolderStore(folder);
const onEvent = (event) => {
  if (event.type === 'warning') process.stdout.write(`warning ${event.warning.message}\n`);
  if (event.type === 'point-finished') process.stdout.write('point\n');
};
const result = await runExperiment(spec, { registry, linalg: { name: 'none', description: '' }, store, onEvent });
await writeResults(folder, result);
await store.close();
process.stdout.write(`done, ${result.counts.reused} reused\n`);
