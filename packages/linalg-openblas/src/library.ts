import { GgdlnError } from '@ggdln/core';
import { explainLoadFailure } from './loadFailure.ts';
import { type Blas, bindBlas, hasLongIntegers, hasLongNames, type SharedLibrary, withOwnNames } from './symbols.ts';

/** A library that has everything the backend needs. */
export interface OpenedBlas {
  readonly library: SharedLibrary;
  readonly blas: Blas;
  /** The name or path under which it was found. */
  readonly path: string;
}

/** Opens shared libraries; koffi's `load`. Throws with the words of the system. */
export type LoadLibrary = (path: string) => SharedLibrary;

/** Where a library is looked for. */
export interface Platform {
  /** As in `process.platform`. */
  readonly platform: string;
  /** As in `process.arch`. */
  readonly arch: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const source = '@ggdln/linalg-openblas createOpenblasBackend';

/** Names and paths to try, in order. */
export function libraryCandidates({ platform, env }: Omit<Platform, 'arch'>): string[] {
  const conda = env.CONDA_PREFIX;
  switch (platform) {
    case 'darwin':
      return [
        '/System/Library/Frameworks/Accelerate.framework/Accelerate',
        '/opt/homebrew/opt/openblas/lib/libopenblas.dylib',
        '/usr/local/opt/openblas/lib/libopenblas.dylib',
        ...(conda ? [`${conda}/lib/libopenblas.dylib`] : []),
      ];
    case 'win32':
      return [...(conda ? [`${conda}\\Library\\bin\\openblas.dll`] : []), 'libopenblas.dll', 'openblas.dll'];
    default:
      return [
        ...(conda ? [`${conda}/lib/libopenblas.so.0`] : []),
        // Where both exist (Fedora) the one with p has threads and the other has none.
        'libopenblasp.so.0',
        'libopenblas.so.0',
        'libopenblas.so.3',
        'libopenblas.so',
        'libflexiblas.so.3',
      ];
  }
}

/** How to get a library, in one sentence. */
export function installationHint(platform: string): string {
  const path = 'or set GGDLN_BLAS to the path of one';
  switch (platform) {
    case 'darwin':
      return `Install one (brew install openblas), ${path}`;
    case 'win32':
      return `Install one (conda install openblas, then put its Library\\bin on PATH), ${path}`;
    default:
      return `Install one (apt-get install libopenblas0-pthread, dnf install openblas-threads or conda install openblas), ${path}`;
  }
}

/**
 * Opens the library that was named, or the first of the usual ones that is there and fits.
 * @param named A path or name; `GGDLN_BLAS` when absent.
 * @throws GGDLN_BACKEND saying what is wrong with the named library, or that none was found, and what to do.
 */
export function openBlas(load: LoadLibrary, platform: Platform, named?: string): OpenedBlas {
  const fromEnv = platform.env.GGDLN_BLAS || undefined;
  const path = named ?? fromEnv;
  if (path !== undefined) {
    const result = tryOne(load, path, platform, named === undefined ? `${path} (GGDLN_BLAS)` : path);
    if ('blas' in result) return result;
    throw result.error;
  }
  const refused: string[] = [];
  for (const candidate of libraryCandidates(platform)) {
    const result = tryOne(load, candidate, platform, candidate);
    if ('blas' in result) return result;
    // A library that isn't there is no news; one that is there and can't be used is.
    if (result.present) refused.push(result.error.problem);
  }
  const tried = `No BLAS library found (tried ${libraryCandidates(platform).join(', ')})`;
  throw backendError([tried, ...refused].join('; '), installationHint(platform.platform));
}

/** What is wrong with a library, and whether it is there at all. */
interface Refused {
  readonly error: GgdlnError;
  readonly present: boolean;
}

function tryOne(load: LoadLibrary, path: string, platform: Platform, label: string): OpenedBlas | Refused {
  let library: SharedLibrary;
  try {
    library = withOwnNames(load(path));
  } catch (cause) {
    return refusedToLoad(cause, path, label, platform);
  }
  const bound = bindBlas(library);
  if ('missing' in bound) return { error: missingError(library, label, bound.missing, platform), present: true };
  if (hasLongIntegers(bound.blas)) {
    return { error: longIntegersError(label, 'its integers have 64 bits (ILP64)', platform), present: true };
  }
  return { library, blas: bound.blas, path };
}

function refusedToLoad(cause: unknown, path: string, label: string, { platform, arch }: Platform): Refused {
  const words = cause instanceof Error ? cause.message : String(cause);
  const why = explainLoadFailure(words, path, `${platform} ${arch}`);
  return {
    error: backendError(`${label} can't be loaded (${words})`, `${why}${installationHint(platform)}`, cause),
    present: why !== '',
  };
}

function missingError(
  library: SharedLibrary,
  path: string,
  missing: readonly string[],
  platform: Platform,
): GgdlnError {
  if (hasLongNames(library)) {
    return longIntegersError(path, 'its names, such as dgemm_64_, are those of 64-bit integers (ILP64)', platform);
  }
  const [shown, rest] = [missing.slice(0, 4), missing.length - 4];
  const names = shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
  const whole = missing.length > 4 ? 'is not a BLAS' : 'is not a whole BLAS with LAPACK';
  return backendError(`${path} ${whole}: it lacks ${names}`, installationHint(platform.platform));
}

function longIntegersError(path: string, why: string, { platform }: Platform): GgdlnError {
  return backendError(
    `${path} can't be used: ${why}`,
    `Take the build with 32-bit integers (LP64). ${installationHint(platform)}`,
  );
}

/** An error of a library that is absent or not what it should be. */
export function backendError(problem: string, remedy: string, cause?: unknown): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_BACKEND',
    where: source,
    problem,
    remedy,
    ...(cause === undefined ? {} : { cause }),
  });
}
