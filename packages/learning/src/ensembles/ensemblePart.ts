import { type JsonObject, type LinalgBackend, type OnProgress, type RandomState, restoreRandom } from '@ggdln/core';
import { type Matrix, matrix } from '@ggdln/linalg';
import type { EnsembleRun } from './ensembleRun.ts';
import { type EnsembleOptions, langevinEnsemble } from './langevinEnsemble.ts';
import type { EnsembleNetwork, EnsembleProblem } from './network.ts';

/** URL of this module, so that other processes find {@link computeEnsemblePart}. */
export const ensembleModule: string = import.meta.url;

/** Some pairs of an ensemble as plain data. */
export interface EnsemblePart {
  /** For people, e.g. `Langevin ensemble, pairs 1 to 8`. */
  readonly name: string;
  readonly data: JsonObject;
}

interface PartData {
  readonly network: EnsembleNetwork;
  readonly X: PlainMatrix;
  readonly y: readonly number[];
  readonly test: PlainMatrix | null;
  readonly pairs: number;
  readonly first: number;
  readonly stepSize: number;
  readonly readAt: readonly number[];
  readonly frozenAt: number | null;
  readonly double: boolean;
  readonly rng: RandomState;
}

interface PlainMatrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: readonly number[];
}

/**
 * Parts of an ensemble that can be simulated anywhere, in any order: `joinEnsemble` of what `computeEnsemblePart` gives for
 * each. How an ensemble is cut depends on it alone, so that its numbers don't depend on how many processes there are.
 * @param options Those of `langevinEnsemble`; `batch` is the pairs of a part. Default: an eighth of all, or as many as
 * keep the activities near 10⁶ numbers if that is less.
 */
export function ensembleParts(
  problem: EnsembleProblem,
  options: Omit<EnsembleOptions, 'linalg' | 'signal' | 'onProgress'>,
): EnsemblePart[] {
  const { network, X, y, test } = problem;
  const { pairs, first = 0, stepSize, readAt, frozenAt, precision = Float32Array, rng } = options;
  const most = Math.max(1, Math.round(1e6 / (2 * network.width * (X.rows + X.cols))));
  const batch = options.batch ?? Math.min(most, Math.max(1, Math.ceil(pairs / 8)));
  const shared = {
    network: { ...network },
    X: plain(X),
    y: [...y],
    test: test ? plain(test.X) : null,
    stepSize,
    readAt: [...readAt],
    frozenAt: frozenAt ?? null,
    double: precision === Float64Array,
    rng: rng.state(),
  };
  return Array.from({ length: Math.ceil(pairs / batch) }, (_, k) => {
    const from = k * batch;
    const count = Math.min(batch, pairs - from);
    const data: PartData = { ...shared, first: first + from, pairs: count };
    return {
      name: `Langevin ensemble, pairs ${first + from + 1} to ${first + from + count}`,
      data: data as unknown as JsonObject,
    };
  });
}

/** Simulates a part, here or in another process. @throws As `langevinEnsemble`. */
export async function computeEnsemblePart(
  data: JsonObject,
  context: { readonly linalg: LinalgBackend; readonly signal?: AbortSignal; readonly onProgress?: OnProgress },
): Promise<EnsembleRun> {
  const { network, X, y, test, pairs, first, stepSize, readAt, frozenAt, double, rng } = data as unknown as PartData;
  const problem = {
    network,
    X: unpack(X),
    y: Float64Array.from(y),
    ...(test ? { test: { X: unpack(test) } } : {}),
  };
  return langevinEnsemble(problem, {
    pairs,
    first,
    batch: pairs,
    stepSize,
    readAt,
    ...(frozenAt === null ? {} : { frozenAt }),
    precision: double ? Float64Array : Float32Array,
    rng: restoreRandom(rng),
    ...context,
  });
}

/** The ensemble of all parts, in their order. */
export function joinEnsemble(runs: readonly EnsembleRun[]): EnsembleRun {
  const [{ times, points, frozen, relearned, similarity }] = runs;
  const join = (of: (run: EnsembleRun) => Matrix | undefined) => stacked(runs.flatMap((run) => of(run) ?? []));
  return {
    times,
    points,
    outputs: join(({ outputs }) => outputs),
    free: join(({ free }) => free),
    ...(frozen ? { frozen: join((run) => run.frozen) } : {}),
    ...(relearned ? { relearned: join((run) => run.relearned) } : {}),
    ...(similarity ? { similarity: join((run) => run.similarity) } : {}),
  };
}

function stacked(parts: readonly Matrix[]): Matrix {
  const out = matrix(
    parts.reduce((sum, { rows }) => sum + rows, 0),
    parts[0].cols,
  );
  let offset = 0;
  for (const { data } of parts) {
    out.data.set(data, offset);
    offset += data.length;
  }
  return out;
}

const plain = ({ rows, cols, data }: Matrix): PlainMatrix => ({ rows, cols, data: [...data] });
const unpack = ({ rows, cols, data }: PlainMatrix): Matrix => matrix(rows, cols, Float64Array.from(data));
