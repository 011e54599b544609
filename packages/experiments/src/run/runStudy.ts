import {
  CONTRACT_VERSION,
  createRandom,
  type Executor,
  GgdlnError,
  type JsonObject,
  type LinalgBackend,
  type OnProgress,
  type Registry,
  type SpreadWorks,
  type StudyResult,
  type StudySnapshot,
  throwIfCancelled,
  type Warning,
} from '@ggdln/core';
import type { ResolvedStudy } from '../spec/studySpec.ts';
import { worksInOrder } from './moduleWork.ts';

/** What a study is run with. */
export interface RunStudyOptions {
  readonly registry: Registry;
  readonly linalg: LinalgBackend;
  readonly signal?: AbortSignal;
  readonly memoryLimit?: number;
  readonly onProgress?: OnProgress;
  readonly onWarning?: (warning: Warning) => void;
  /** Hears what the study has so far; how often changes no number. */
  readonly onSnapshot?: (snapshot: StudySnapshot) => void;
  /**
   * Opens what computes the `parts` of a simulation that can be cut; closed when they are done. Default: this process.
   */
  readonly executor?: (parts: number) => Promise<Executor>;
}

/** What a study gave. */
export interface StudyRun extends StudyResult {
  readonly spec: ResolvedStudy;
  readonly warnings: readonly Warning[];
  /** Seed, backend and plugins: what is needed to repeat the numbers. No times, no host. */
  readonly provenance: JsonObject;
}

/**
 * Runs a study to its end, in this process but for what `executor` computes; the numbers don't depend on it.
 * @throws What the study throws, GGDLN_CANCELLED among it; GGDLN_NUMERICAL where its numbers stop being finite.
 */
export async function runStudy(spec: ResolvedStudy, options: RunStudyOptions): Promise<StudyRun> {
  const { registry, linalg, signal, memoryLimit, onProgress, onWarning, onSnapshot, executor } = options;
  const warnings: Warning[] = [];
  const study = registry.get('study', spec.use).create(spec.options);
  const course = study.run({
    rng: createRandom(spec.seed).stream('study'),
    linalg,
    ...(memoryLimit === undefined ? {} : { memoryLimit }),
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
    ...(executor ? { spreadWorks: spreadBy(executor, options) } : {}),
    onWarning: (warning) => {
      warnings.push(warning);
      onWarning?.(warning);
    },
  });
  for (;;) {
    throwIfCancelled(signal, `study ${spec.use}`);
    const next = await course.next();
    if (!next.done) {
      onSnapshot?.(next.value);
      continue;
    }
    requireFinite(spec.use, next.value);
    return { ...next.value, spec, warnings, provenance: provenanceOf(spec, warnings, options) };
  }
}

/** Opens the executor when there is work for it, and closes it after. */
function spreadBy(
  open: NonNullable<RunStudyOptions['executor']>,
  { linalg, signal, memoryLimit }: RunStudyOptions,
): SpreadWorks {
  return async function* spread(works, by) {
    const executor = await open(works.length);
    try {
      yield* worksInOrder(works, by, {
        executor,
        linalg,
        ...(memoryLimit === undefined ? {} : { memoryLimit }),
        ...(signal ? { signal } : {}),
      });
    } finally {
      await executor.close?.();
    }
  };
}

/** Tables refuse what isn't finite; arrays and diagnostics are checked here. */
function requireFinite(use: string, { arrays, diagnostics }: StudyResult): void {
  const array = Object.keys(arrays).find((name) => !arrays[name].data.every(Number.isFinite));
  const number = Object.keys(diagnostics).find((name) => !Number.isFinite(diagnostics[name].value));
  if (array === undefined && number === undefined) return;
  throw new GgdlnError({
    code: 'GGDLN_NUMERICAL',
    where: `study ${use}`,
    problem: `${array ?? number} is not finite`,
    remedy: 'Change its options to less extreme ones',
  });
}

function provenanceOf(
  { name, seed, use }: ResolvedStudy,
  warnings: readonly Warning[],
  { registry, linalg }: RunStudyOptions,
): JsonObject {
  return {
    experiment: name,
    study: use,
    seed,
    linalg: { name: linalg.name, description: linalg.description },
    plugins: registry.plugins.map((plugin) => plugin.name),
    contract: CONTRACT_VERSION,
    warnings: warnings.map(({ code, message }) => ({ code, message })),
  };
}
