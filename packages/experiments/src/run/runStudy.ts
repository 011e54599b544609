import {
  CONTRACT_VERSION,
  createRandom,
  GgdlnError,
  type JsonObject,
  type LinalgBackend,
  type OnProgress,
  type Registry,
  type StudyResult,
  type StudySnapshot,
  throwIfCancelled,
  type Warning,
} from '@ggdln/core';
import type { ResolvedStudy } from '../spec/studySpec.ts';

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
}

/** What a study gave. */
export interface StudyRun extends StudyResult {
  readonly spec: ResolvedStudy;
  readonly warnings: readonly Warning[];
  /** Seed, backend and plugins: what is needed to repeat the numbers. No times, no host. */
  readonly provenance: JsonObject;
}

/**
 * Runs a study to its end, all in this process.
 * @throws What the study throws, GGDLN_CANCELLED among it; GGDLN_NUMERICAL where its numbers stop being finite.
 */
export async function runStudy(spec: ResolvedStudy, options: RunStudyOptions): Promise<StudyRun> {
  const { registry, linalg, signal, memoryLimit, onProgress, onWarning, onSnapshot } = options;
  const warnings: Warning[] = [];
  const study = registry.get('study', spec.use).create(spec.options);
  const course = study.run({
    rng: createRandom(spec.seed).stream('study'),
    linalg,
    ...(memoryLimit === undefined ? {} : { memoryLimit }),
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
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
