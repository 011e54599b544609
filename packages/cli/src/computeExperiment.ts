import type { Executor } from '@ggdln/core';
import {
  type ExperimentEvent,
  type ExperimentResult,
  planPoints,
  type ResolvedSpec,
  type RunOptions,
  requireCompatible,
  runExperiment,
} from '@ggdln/experiments';
import { openFolderStore } from '@ggdln/experiments/node';
import type { Session } from './command.ts';
import { EXIT_CODES } from './exitCodes.ts';
import type { Arguments } from './flags.ts';
import { openExecutor, previewExecutor, useOneThreadForEach } from './jobs.ts';
import { memoryLimit } from './memory.ts';

type OpenExecutor = Awaited<ReturnType<typeof openExecutor>>;

/** How an experiment is computed, and who hears of it. */
export interface Manner extends Pick<RunOptions, 'signal' | 'retryFailed' | 'keepGoing' | 'pilots'> {
  /** Wait for another process that uses the folder, instead of refusing. */
  readonly wait?: boolean;
  note(text: string): void;
  onEvent(event: ExperimentEvent): void;
  /** Hears where points are computed, before the first one is. */
  onExecutor?(executor: Executor): void;
}

/**
 * Computes an experiment into a folder, with the backend and executor that the flags ask for: the common way of
 * `ggdln run` and `ggdln sweep`.
 * @param finish What is done with the result while the folder is still this process's own, e.g. writing it.
 */
export async function computeExperiment<Finished>(
  spec: ResolvedSpec,
  out: string,
  args: Arguments,
  session: Session,
  manner: Manner,
  finish: (result: ExperimentResult) => Promise<Finished>,
): Promise<Finished> {
  const { note, wait = false, signal = session.signal } = manner;
  const points = await planPoints(spec);
  useOneThreadForEach(points, session);
  const { backend, reason } = await session.linalg(spec.linalg === 'auto' ? undefined : spec.linalg);
  const store = await openFolderStore(out, { wait, signal, onWait: note });
  try {
    const work = { points, plugins: spec.plugins, linalg: backend.name, folder: out, note };
    const executor = await openExecutor(work, args, session);
    const tensors = spec.tensor === 'auto' ? '' : `; tensors: ${spec.tensor}`;
    note(`${spec.title}\nLinear algebra: ${reason}${tensors}; ${executor.description}`);
    return await finish(await compute(spec, session, manner, { linalg: backend, store, executor, signal }));
  } finally {
    await store.close();
  }
}

async function compute(
  spec: ResolvedSpec,
  { registry, files }: Session,
  { onEvent, onExecutor, retryFailed = true, keepGoing = false, pilots = false }: Manner,
  means: Required<Pick<RunOptions, 'linalg' | 'store' | 'signal'>> & { readonly executor: OpenExecutor },
): Promise<ExperimentResult> {
  const { executor } = means;
  try {
    onExecutor?.(executor);
    return await runExperiment(spec, {
      ...means,
      registry,
      files,
      memoryLimit: memoryLimit(),
      retryFailed,
      keepGoing,
      pilots,
      onEvent,
    });
  } finally {
    await executor.close();
  }
}

/** The experiment with the tensor backend of `--tensor` in place of its own. */
export function withTensor(spec: ResolvedSpec, { tensor }: Session): ResolvedSpec {
  return tensor === undefined ? spec : { ...spec, tensor };
}

/** `--dry-run`: the resolved experiment with its points, or why it would be refused. */
export async function dryRun(spec: ResolvedSpec, { registry, terminal, json }: Session): Promise<number> {
  const planned = await planPoints(spec);
  requireCompatible(planned, registry);
  const points = planned.map(({ source, axes }) => ({ source, axes }));
  terminal.out(`${JSON.stringify({ ...spec, points }, null, json ? 0 : 2)}\n`);
  return EXIT_CODES.ok;
}

/** `--print-jobs`: what the executor would start. */
export async function printJobs(
  spec: ResolvedSpec,
  folder: string,
  args: Arguments,
  session: Session,
): Promise<number> {
  const points = await planPoints(spec);
  session.terminal.out(previewExecutor({ points, plugins: spec.plugins, linalg: spec.linalg, folder }, args, session));
  return EXIT_CODES.ok;
}

/** What `--json` says of an experiment, besides its numbers. */
export function resultJson(
  { spec, notes, warnings, counts, failures }: ExperimentResult,
  out: string,
  files: readonly string[],
): object {
  return {
    name: spec.name,
    out,
    files,
    counts,
    notes,
    warnings,
    failures: failures.map(({ point: { source, axes }, error: { code, message } }) => ({
      source,
      axes,
      code,
      message,
    })),
  };
}
