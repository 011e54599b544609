import { createRandom, type Dataset, type Gates, type JsonObject, resolveOptions } from '@ggdln/core';
import type { PartSpec } from '@ggdln/experiments';
import type { ReproductionContext } from './reproduction.ts';

/** The dataset that experiments with this seed and these options use; for what an experiment can't say. */
export async function loadDataset(
  { use, ...options }: PartSpec,
  seed: number,
  { registry, linalg, files, signal }: ReproductionContext,
): Promise<Dataset> {
  const entry = registry.get('dataset', use);
  return entry.create(resolveOptions(entry.options, options as JsonObject, `dataset ${use}`), {
    rng: createRandom(seed).stream('dataset'),
    linalg,
    ...(files ? { files } : {}),
    ...(signal ? { signal } : {}),
  });
}

/** The gates that experiments with this seed and these options give the training inputs of a dataset. */
export async function loadGates(
  { use, ...options }: PartSpec,
  { train: { X, tasks } }: Dataset,
  seed: number,
  { registry, linalg, signal }: ReproductionContext,
): Promise<Gates> {
  const entry = registry.get('gating', use);
  const gating = entry.create(resolveOptions(entry.options, options as JsonObject, `gating ${use}`));
  const rng = createRandom(seed).stream('gating');
  const state = await gating.fit(X, { rng, linalg, ...(tasks ? { tasks } : {}), ...(signal ? { signal } : {}) });
  return gating.gates(state, X, tasks);
}
