import {
  type Architecture,
  canonicalJson,
  createRandom,
  type Dataset,
  type Examples,
  type FileSource,
  type Gates,
  inputError,
  type JsonObject,
  type LinalgBackend,
  type Matrix,
  type OnProgress,
  type Problem,
  type Registry,
  type RunContext,
  type Warning,
} from '@ggdln/core';
import { requireMatrix } from '@ggdln/linalg';
import type { PointSettings } from '../plan/planPoints.ts';

/** What parts of an experiment may use. */
export interface Surroundings {
  readonly registry: Registry;
  readonly linalg: LinalgBackend;
  readonly files?: FileSource | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A problem with what is worth storing beside its results. */
export interface PreparedProblem {
  readonly problem: Problem;
  readonly provenance: JsonObject;
  readonly warnings: readonly Warning[];
}

/** Makes the problem of a point; datasets and gates are made once for all points that share them. */
export type PrepareProblem = (settings: PointSettings) => Promise<PreparedProblem>;

interface PreparedData {
  readonly dataset: Dataset;
  readonly warnings: readonly Warning[];
}
interface PreparedGates {
  readonly train: Gates;
  readonly test: Gates;
  readonly warnings: readonly Warning[];
}

/** @param onPreparing Hears which dataset or gating is being made, with its progress. */
export function createPreparer(
  surroundings: Surroundings,
  onPreparing: (what: string, progress?: Parameters<OnProgress>[0]) => void = () => {},
): PrepareProblem {
  const datasets = new Map<string, Promise<PreparedData>>();
  const gates = new Map<string, Promise<PreparedGates>>();
  return async (settings) => {
    const dataKey = keyOf(settings, ['seed', 'dataset']);
    const data = await once(datasets, dataKey, () => {
      onPreparing(`dataset ${settings.dataset.use}`);
      return makeDataset(settings, surroundings, (progress) => onPreparing(progress.stage, progress));
    });
    const gated = await once(gates, keyOf(settings, ['seed', 'dataset', 'gating']), () => {
      onPreparing(`gates ${settings.gating.use}`);
      return makeGates(settings, data.dataset, surroundings);
    });
    const { use, options } = settings.architecture;
    const architecture = surroundings.registry.get('architecture', use).create(options);
    return {
      problem: toProblem(data.dataset, gated, architecture, settings.temperature),
      provenance: data.dataset.provenance,
      warnings: [...data.warnings, ...gated.warnings],
    };
  };
}

function keyOf(settings: PointSettings, keys: readonly (keyof PointSettings)[]): string {
  return canonicalJson(Object.fromEntries(keys.map((key) => [key, settings[key]])) as unknown as JsonObject);
}

function once<Value>(cache: Map<string, Promise<Value>>, key: string, make: () => Promise<Value>): Promise<Value> {
  let value = cache.get(key);
  if (!value) {
    value = make();
    cache.set(key, value);
  }
  return value;
}

async function makeDataset(
  settings: PointSettings,
  { registry, linalg, files, signal }: Surroundings,
  onProgress: OnProgress,
): Promise<PreparedData> {
  const { use, options } = settings.dataset;
  const warnings: Warning[] = [];
  const context: RunContext = {
    rng: createRandom(settings.seed).stream('dataset'),
    linalg,
    onProgress,
    onWarning: (warning) => warnings.push(warning),
    ...(files ? { files } : {}),
    ...(signal ? { signal } : {}),
  };
  const dataset = await registry.get('dataset', use).create(options, context);
  checkDataset(use, dataset);
  return { dataset, warnings };
}

function checkDataset(name: string, { train, test }: Dataset): void {
  const where = `dataset ${name}`;
  for (const [part, examples] of Object.entries({ training: train, test })) {
    if (examples.X.rows < 1)
      throw inputError(where, `there are no ${part} examples (P = 0)`, `Ask for at least one ${part} example`);
    requireMatrix(where, `the inputs X of ${part} (P × N0)`, examples.X);
    requireMatrix(where, `the targets Y of ${part} (P × C)`, examples.Y, { rows: examples.X.rows });
    if (examples.X.cols < 1 || examples.Y.cols < 1) {
      const shape = `N0 = ${examples.X.cols}, C = ${examples.Y.cols}`;
      throw inputError(where, `${part} examples have ${shape}`, 'Inputs and targets need at least one column each');
    }
  }
  requireMatrix(where, 'the inputs X of test', test.X, { cols: train.X.cols });
  requireMatrix(where, 'the targets Y of test', test.Y, { cols: train.Y.cols });
}

async function makeGates(
  settings: PointSettings,
  dataset: Dataset,
  { registry, linalg, signal }: Surroundings,
): Promise<PreparedGates> {
  const { use, options } = settings.gating;
  const gating = registry.get('gating', use).create(options);
  const rng = createRandom(settings.seed).stream('gating');
  const { X, tasks } = dataset.train;
  const state = await gating.fit(X, { rng, linalg, ...(tasks ? { tasks } : {}), ...(signal ? { signal } : {}) });
  const gate = (part: string, { X, tasks }: Examples) => {
    const gates = gating.gates(state, X, tasks);
    checkGates(`gating ${use}`, part, gates, X.rows);
    return gates;
  };
  const train = gate('training', dataset.train);
  const test = gate('test', dataset.test);
  const silent = [
    { part: 'training', rows: silentRows(train.values) },
    { part: 'test', rows: silentRows(test.values) },
  ].filter(({ rows }) => rows.length > 0);
  return {
    train,
    test,
    warnings: silent.map(({ part, rows }) => ({
      code: 'inputs-without-gates',
      message:
        `All gates are off for ${rows.length} of ${part === 'training' ? train.values.rows : test.values.rows} ` +
        `${part} inputs (first: row ${rows[0]}): the network's output there is 0 whatever the weights. ` +
        'An always-on gate avoids this.',
    })),
  };
}

function checkGates(where: string, part: string, gates: Gates, rows: number): void {
  if (gates.values.cols < 1) {
    throw inputError(where, `there are no gates (M = 0)`, 'Ask for at least one gate, or add the always-on gate');
  }
  requireMatrix(where, `the gates of the ${part} inputs (P × M)`, gates.values, { rows });
  if (gates.names.length !== gates.values.cols) {
    throw inputError(where, `${gates.names.length} names for ${gates.values.cols} gates`, 'Give one name a column');
  }
}

function silentRows(gates: Matrix): number[] {
  const rows = Array.from({ length: gates.rows }, (_, i) => i);
  return rows.filter((i) => gates.data.subarray(i * gates.cols, (i + 1) * gates.cols).every((gate) => gate === 0));
}

/** One gating serves every layer: the list over layers repeats it. */
function toProblem(dataset: Dataset, gates: PreparedGates, architecture: Architecture, temperature: number): Problem {
  const layers = architecture.widths;
  return {
    train: { X: dataset.train.X, Y: dataset.train.Y, gates: layers.map(() => gates.train.values) },
    test: { X: dataset.test.X, Y: dataset.test.Y, gates: layers.map(() => gates.test.values) },
    gateNames: layers.map(() => gates.train.names),
    architecture,
    temperature,
  };
}
