// Records what panels are tested on: real runs, small, as RunViews in JSON. Run after the build: node recordViews.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { createRandom, createRegistry } from '@ggdln/core';
import { axesOf, metricNames, predictorMetrics, resolveSpec, runExperiment, toSpec } from '@ggdln/experiments';
import { chooseLinalg } from '@ggdln/linalg';
import { standardPlugins } from '@ggdln/standard';

const registry = createRegistry(standardPlugins);
const { backend: linalg } = await chooseLinalg();
const digits = new URL('../../../../packages/datasets/test/data/mnist/', import.meta.url);
const files = { read: async (_, name) => new Uint8Array(readFileSync(new URL(name, digits))) };

const short = (value) => (Number.isFinite(value) ? Number(value.toPrecision(6)) : null);
const plain = ({ rows, cols, data }) => ({ rows, cols, data: Array.from(data, short) });
const withoutBatches = (arrays) =>
  Object.fromEntries(Object.entries(arrays).flatMap(([name, m]) => (name.startsWith('batches') ? [] : [[name, plain(m)]])));

async function problemOf(spec, image) {
  const context = (name) => ({ rng: createRandom(spec.seed).stream(name), linalg, files });
  const data = await registry.get('dataset', spec.dataset.use).create(spec.dataset.options, context('dataset'));
  const gating = registry.get('gating', spec.gating.use).create(spec.gating.options);
  const state = await gating.fit(data.train.X, { ...context('gating'), ...(data.train.tasks ? { tasks: data.train.tasks } : {}) });
  const train = gating.gates(state, data.train.X, data.train.tasks);
  const test = gating.gates(state, data.test.X, data.test.tasks);
  const layers = (one) => Array.from({ length: spec.architecture.options.depth ?? 1 }, () => one);
  return {
    trainX: plain(data.train.X),
    trainY: plain(data.train.Y),
    testX: plain(data.test.X),
    testY: plain(data.test.Y),
    trainGates: layers(plain(train.values)),
    testGates: layers(plain(test.values)),
    gateNames: layers(train.names),
    gatingStates: [JSON.parse(JSON.stringify(state, (_, value) => (typeof value === 'number' ? short(value) : value)))],
    trainSize: data.train.X.rows,
    testSize: data.test.X.rows,
    provenance: {},
    ...(image ? { image } : {}),
  };
}

/** The learner of a point once more, for what it tells on the way. */
async function historyOf({ settings }, spec) {
  const { part } = settings;
  if (part.kind === 'theory') return [];
  const context = (name) => ({ rng: createRandom(spec.seed).stream(name), linalg, files });
  const data = await registry.get('dataset', spec.dataset.use).create(spec.dataset.options, context('dataset'));
  const gating = registry.get('gating', spec.gating.use).create(spec.gating.options);
  const state = await gating.fit(data.train.X, context('gating'));
  const architecture = registry.get('architecture', settings.architecture.use).create(settings.architecture.options);
  const gated = ({ X, Y, tasks }) => ({ X, Y, gates: architecture.widths.map(() => gating.gates(state, X, tasks).values) });
  const gateNames = architecture.widths.map(() => gating.gates(state, data.train.X, data.train.tasks).names);
  const problem = { train: gated(data.train), test: gated(data.test), gateNames, architecture, temperature: settings.temperature };
  let rng = createRandom(settings.seed);
  for (const name of settings.stream) rng = rng.stream(name);
  const history = [];
  const work = registry.get('learner', part.use).create(part.options).run(problem, { rng, linalg });
  for (let next = await work.next(); !next.done; next = await work.next()) {
    const { step, total, partial } = next.value;
    history.push({ step, total, result: await partial?.() });
  }
  return history;
}

async function record(name, file, { axis, metrics, image }) {
  const spec = resolveSpec(file, registry);
  const histories = new Map();
  const planned = [];
  const onEvent = (event) => {
    if (event.type === 'planned') planned.push(...event.points);
  };
  const result = await runExperiment(spec, { registry, linalg, files, onEvent });
  for (const point of planned) histories.set(point.id, await historyOf(point, spec));
  const points = result.points.map((point) => {
    const snapshots = (histories.get(point.id) ?? []).filter((_, i, all) => i % Math.ceil(all.length / 20) === 0 || i === all.length - 1);
    const at = snapshots.map(({ result: one }) => one && predictorMetrics({ mean: one.predictor.mean.value, variance: one.predictor.variance.value, ...(one.predictor.batches ? { batches: one.predictor.batches } : {}) }, point.arrays.target));
    const column = (metric, key) => at.map((numbers) => short(numbers?.find((one) => one.metric === metric)?.[key] ?? Number.NaN));
    const series = (key) => Object.fromEntries(metrics.map(({ metric }) => [metric, column(metric, key)]));
    const total = snapshots.at(-1)?.total ?? 1;
    return {
      id: point.id, source: point.source, role: point.role, axes: point.axes, status: 'done',
      step: total, total, provisional: false,
      metrics: point.metrics.map(({ metric, value, stderr }) => ({ metric, value: short(value), stderr: stderr === null ? null : short(stderr) })),
      arrays: withoutBatches(point.arrays),
      diagnostics: Object.fromEntries(Object.entries(point.diagnostics).map(([key, { value, stderr }]) => [key, { value: value === null ? null : short(value), stderr: stderr === null ? null : short(stderr) }])),
      history: { steps: snapshots.map(({ step }) => step), values: series('value'), stderrs: series('stderr') },
    };
  });
  const view = {
    spec: toSpec(spec), title: spec.title, axis, metrics, rows: result.table.rows, points,
    problem: await problemOf(spec, image), arrays: {}, diagnostics: {}, status: 'done',
    snapshot: { index: 19, count: 20, live: true }, warnings: result.warnings.map(({ message }) => message),
  };
  const text = JSON.stringify(view, (_, value) => (typeof value === 'number' ? short(value) : value));
  writeFileSync(new URL(`${name}.json`, import.meta.url), `${text}\n`);
  console.log(name, text.length, axesOf(spec), result.failures.map(({ error }) => error.message), metricNames.length);
}

const width = { column: 'architecture.width', label: 'hidden width N', scale: 'log' };
const metrics = [
  { metric: 'bias', title: 'Bias', note: 'targets ±1', label: 'squared error of the mean output' },
  { metric: 'variance', title: 'Variance', note: 'of the output', label: 'variance of the output' },
];
const dense = [10, 13, 17, 22, 30, 40, 55, 75, 130, 180, 250, 400, 700, 1300, 2200, 4000, 10000];

await record('images', {
  ggdln: 1, name: 'images', title: 'Does width help?', seed: 11, temperature: 0.01,
  dataset: { use: 'mnist', task: 'pair', digits: [3, 8], trainSize: 50, testSize: 10 },
  gating: { use: 'half-spaces', gates: 6 }, architecture: { use: 'ggdln' },
  learners: [{ use: 'block-gibbs', sweeps: 800 }, { use: 'gradient-descent', at: { 'architecture.width': [30, 100, 300] } }],
  theories: [{ use: 'ggdln', at: { 'architecture.width': dense } }, { use: 'infinite-width' }],
  sweep: { 'architecture.width': [10, 30, 100, 300, 1000] },
}, { axis: width, metrics, image: [7, 7] });

await record('plane', {
  ggdln: 1, name: 'plane', title: 'Cut the plane yourself', seed: 3, temperature: 0.05,
  dataset: { use: 'noisy-teacher', inputs: 2, trainSize: 60, testSize: 120, teacher: 'relu' },
  gating: { use: 'drawn-half-spaces', angles: [100, 38, -25], thresholds: [0.1, 0.3, -0.5] }, architecture: { use: 'ggdln', depth: 2 },
  learners: [{ use: 'block-gibbs', sweeps: 400 }],
  theories: [{ use: 'ggdln' }, { use: 'infinite-width' }],
  sweep: { 'architecture.width': [20, 60, 200] },
}, { axis: width, metrics });

await record('line', {
  ggdln: 1, name: 'line', title: 'On a line', seed: 5, temperature: 0.02,
  dataset: { use: 'noisy-teacher', inputs: 1, trainSize: 24, testSize: 60, teacher: 'relu' },
  gating: { use: 'half-spaces', gates: 4, threshold: 0.3 }, architecture: { use: 'ggdln', width: 50 },
  learners: [{ use: 'block-gibbs', sweeps: 400 }],
  theories: [{ use: 'ggdln' }, { use: 'infinite-width' }],
  sweep: { temperature: [0.02, 0.2, 1] },
}, { axis: { column: 'temperature', label: 'temperature T', scale: 'log' }, metrics });
