import {
  type Architecture,
  canonicalJson,
  createRandom,
  type Dataset,
  type FileSource,
  inputError,
  type JsonObject,
  type LinalgBackend,
  type OnProgress,
  type Problem,
  type Registry,
  type RunContext,
  type Warning,
} from '@ggdln/core';
import { requireMatrix } from '@ggdln/linalg';
import type { PointSettings } from '../plan/planPoints.ts';
import { gatingOfLayers, makeGates, type PreparedGates } from './prepareGates.ts';

/** What parts of an experiment may use. */
export interface Surroundings {
  readonly registry: Registry;
  readonly linalg: LinalgBackend;
  readonly files?: FileSource | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bytes that a computation may use; see `RunContext`. */
  readonly memoryLimit?: number | undefined;
}

/** A problem with what is worth storing beside its results. */
export interface PreparedProblem {
  readonly problem: Problem;
  /** What the gating of each layer was fitted to, top first. */
  readonly gatingStates: readonly JsonObject[];
  readonly provenance: JsonObject;
  readonly warnings: readonly Warning[];
}

/**
 * Makes the problem of a point; datasets and gates are made once for points that share them. The few that were used last
 * are kept: a sweep over seeds or sizes of large data would fill the memory otherwise.
 */
export type PrepareProblem = (settings: PointSettings) => Promise<PreparedProblem>;

/** Datasets, and gates, that are kept. */
const KEPT = 8;

interface PreparedData {
  readonly dataset: Dataset;
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
    const { use, options } = settings.architecture;
    const architecture = surroundings.registry.get('architecture', use).create(options);
    const layers = await Promise.all(
      gatingOfLayers(settings, architecture.widths.length).map(({ part, stream }) =>
        once(gates, canonicalJson([dataKey, part.use, part.options, stream]), () => {
          onPreparing(`gates ${part.use}`);
          return makeGates({ part, stream, seed: settings.seed }, data.dataset, surroundings);
        }),
      ),
    );
    return {
      problem: toProblem(data.dataset, layers, architecture, settings.temperature),
      gatingStates: layers.map(({ state }) => state),
      provenance: data.dataset.provenance,
      warnings: [...data.warnings, ...new Set(layers.flatMap((gated) => gated.warnings))],
    };
  };
}

function keyOf(settings: PointSettings, keys: readonly (keyof PointSettings)[]): string {
  return canonicalJson(Object.fromEntries(keys.map((key) => [key, settings[key]])) as unknown as JsonObject);
}

function once<Value>(cache: Map<string, Promise<Value>>, key: string, make: () => Promise<Value>): Promise<Value> {
  const value = cache.get(key) ?? make();
  cache.delete(key);
  cache.set(key, value);
  // The first key is the one whose use is longest ago.
  if (cache.size > KEPT) cache.delete(cache.keys().next().value as string);
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

/** @param layers Gates of each layer, top first. */
function toProblem(
  { train, test }: Dataset,
  layers: readonly PreparedGates[],
  architecture: Architecture,
  temperature: number,
): Problem {
  return {
    train: { X: train.X, Y: train.Y, gates: layers.map((gates) => gates.train.values) },
    test: { X: test.X, Y: test.Y, gates: layers.map((gates) => gates.test.values) },
    gateNames: layers.map((gates) => gates.train.names),
    architecture,
    temperature,
  };
}
