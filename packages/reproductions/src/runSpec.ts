import { throwIfCancelled } from '@ggdln/core';
import {
  type ExperimentEvent,
  type ExperimentResult,
  type ExperimentSpec,
  planPoints,
  resolveSpec,
  runExperiment,
} from '@ggdln/experiments';
import type { ReproductionContext } from './reproduction.ts';

/**
 * Runs an experiment of a reproduction: on its backend, by its executor, in its store, with its progress.
 * @throws What a point that has no result failed with: a figure has no silent gaps.
 */
export async function runSpec(spec: ExperimentSpec, context: ReproductionContext): Promise<ExperimentResult> {
  const { registry, linalg, files, signal, store } = context;
  throwIfCancelled(signal, '@ggdln/reproductions');
  const resolved = resolveSpec({ seed: context.seed, ...spec }, registry);
  const executor = await context.executor?.(spec.name, await planPoints(resolved, linalg.name));
  const work = runExperiment(resolved, {
    registry,
    linalg,
    ...(files ? { files } : {}),
    ...(signal ? { signal } : {}),
    ...(store ? { store: await store(spec.name) } : {}),
    ...(executor ? { executor } : {}),
    onEvent: (event) => report(spec.name, event, context),
  });
  const result = await work.finally(() => executor?.close?.());
  const [failure] = result.failures;
  if (failure) throw failure.error;
  return result;
}

function report(experiment: string, event: ExperimentEvent, { onProgress, onNote }: ReproductionContext): void {
  if (event.type === 'warning') onNote?.(event.warning.message);
  const { done, total } = event.counts;
  const where = 'point' in event && event.point ? `: ${event.point.source}` : '';
  onProgress?.({ stage: `${experiment}${where}`, done, total, unit: 'points' });
}
