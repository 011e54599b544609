import type { LinalgEntry, Plugin, Registry } from '@ggdln/core';
import { slurmPlugin } from '@ggdln/executor-slurm';
import { executorsPlugin } from '@ggdln/experiments/node';
import { openblasPlugin } from '@ggdln/linalg-openblas';
import { standardPlugins } from '@ggdln/standard';
import { tensorOpenblasPlugin } from '@ggdln/tensor-openblas';

/** What the command knows without being told: the built-in plugins, executors, and the native backends, of which that of linear algebra comes first. */
export const builtinPlugins: readonly Plugin[] = [
  openblasPlugin,
  ...standardPlugins,
  tensorOpenblasPlugin,
  executorsPlugin,
  slurmPlugin,
];

/** Backends in the order of their plugins: the native one, then the portable ones, then those of users. */
export function linalgCandidates(registry: Registry): Readonly<Record<string, LinalgEntry>> {
  return Object.fromEntries(registry.list('linalg').map(({ name, entry }) => [name, entry]));
}
