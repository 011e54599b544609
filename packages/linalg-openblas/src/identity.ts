import { inputError } from '@ggdln/core';
import { backendError, type OpenedBlas } from './library.ts';
import { findFunction, type SharedLibrary } from './symbols.ts';

/** What runs, for people: version and kind of processor as the library tells them, and its threads now. */
export function describeLibrary({ library, path }: OpenedBlas): string {
  return `${nameOf(library, path)}, ${describeThreads(library)}, float64 and float32`;
}

function nameOf(library: SharedLibrary, path: string): string {
  const config = words(library, 'openblas_get_config');
  if (config) {
    const version = /^OpenBLAS\s+(\S+)/.exec(config)?.[1];
    const core = words(library, 'openblas_get_corename');
    return `OpenBLAS${version ? ` ${version}` : ''}${core ? ` (${core})` : ''}`;
  }
  return /Accelerate$/.test(path) ? 'Accelerate' : `BLAS ${path}`;
}

function words(library: SharedLibrary, name: string): string | undefined {
  const ask = findFunction(library, `const char *${name}()`) as (() => string) | undefined;
  return ask?.().trim();
}

function describeThreads(library: SharedLibrary): string {
  const count = threadCount(library);
  if (count === undefined) return 'threads chosen by the library';
  return count === 1 ? '1 thread' : `${count} threads`;
}

/** Threads that the library uses now, where it tells. */
function threadCount(library: SharedLibrary): number | undefined {
  const ask = findFunction(library, 'int openblas_get_num_threads()') as (() => number) | undefined;
  return ask?.();
}

/**
 * Sets the threads of the library, for the whole process: every backend and worker that uses it.
 * @param threads A whole number ≥ 1, or nothing for `GGDLN_BLAS_THREADS`, or as the library has it.
 * @throws GGDLN_INPUT for no such number; GGDLN_BACKEND when `threads` is asked of a library that can't be told.
 */
export function setThreads(
  { library, path }: OpenedBlas,
  threads: number | undefined,
  env: Readonly<Record<string, string | undefined>>,
): void {
  const fromEnv = env.GGDLN_BLAS_THREADS;
  const asked = threads ?? (fromEnv ? Number(fromEnv) : undefined);
  if (asked === undefined) return;
  if (!Number.isInteger(asked) || asked < 1) {
    const what = threads === undefined ? `GGDLN_BLAS_THREADS is "${fromEnv}"` : `threads is ${threads}`;
    throw inputError('@ggdln/linalg-openblas createOpenblasBackend', what, 'It must be a whole number ≥ 1');
  }
  const set = findFunction(library, 'void openblas_set_num_threads(int)') as ((count: number) => void) | undefined;
  if (set) set(asked);
  else if (threads !== undefined) {
    throw backendError(
      `${path} can't be told to use ${asked} threads: it lacks openblas_set_num_threads`,
      'Set its own variable before Node starts (VECLIB_MAXIMUM_THREADS for Accelerate) and leave threads out',
    );
  }
}
