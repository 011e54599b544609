import {
  createRandom,
  type Dataset,
  type Examples,
  type Gates,
  inputError,
  type JsonObject,
  type LinalgBackend,
  type Matrix,
  type Registry,
  type Warning,
} from '@ggdln/core';
import { requireMatrix } from '@ggdln/linalg';
import type { PointSettings } from '../plan/planPoints.ts';
import { isPerLayer, type ResolvedPart } from '../spec/resolvedSpec.ts';

/** Gates of one layer on all inputs. */
export interface PreparedGates {
  readonly train: Gates;
  readonly test: Gates;
  /** What `fit` gave. */
  readonly state: JsonObject;
  readonly warnings: readonly Warning[];
}

/** The gating of a layer and the names of its random stream below the root of the seed. */
export interface LayerGating {
  readonly part: ResolvedPart;
  readonly stream: readonly string[];
}

/** What fitting a gating needs. */
interface GatingSurroundings {
  readonly registry: Registry;
  readonly linalg: LinalgBackend;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Who gates each layer, top first. One gating for all is fitted once; in a list every layer draws its own, also where
 * two have the same options.
 * @throws GGDLN_INPUT for a list of another length than the number of hidden layers.
 */
export function gatingOfLayers({ gating }: PointSettings, depth: number): LayerGating[] {
  if (!isPerLayer(gating)) return Array.from({ length: depth }, () => ({ part: gating, stream: ['gating'] }));
  if (gating.length !== depth) {
    throw inputError(
      '@ggdln/experiments gating',
      `there are ${gating.length} gatings for ${depth} hidden layers`,
      'Give one a layer, readout first, or one for all',
    );
  }
  return gating.map((part, t) => ({ part, stream: ['gating', `layer ${depth - t}`] }));
}

/** Fits a gating to the training inputs and gates both parts. */
export async function makeGates(
  { part: { use, options }, stream, seed }: LayerGating & { readonly seed: number },
  dataset: Dataset,
  { registry, linalg, signal }: GatingSurroundings,
): Promise<PreparedGates> {
  const gating = registry.get('gating', use).create(options);
  let rng = createRandom(seed);
  for (const name of stream) rng = rng.stream(name);
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
    state,
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
