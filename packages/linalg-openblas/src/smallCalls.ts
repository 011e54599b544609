import { type Blas, findFunction, type SharedLibrary } from './symbols.ts';

/** Rows up to which eigenvectors take longer with several threads, which wait for each other at every vector. */
const SMALL = 128;

/**
 * The functions of a library with eigenvectors of small matrices by one thread: between products of large ones, those of
 * 50 × 50 take up to five times as long with two. Threads are set for the process; where several JavaScript threads share the library, a call may find one
 * thread while another's small call runs.
 */
export function withSmallCallsAlone(blas: Blas, library: SharedLibrary): Blas {
  const count = findFunction(library, 'int openblas_get_num_threads()') as (() => number) | undefined;
  const set = findFunction(library, 'void openblas_set_num_threads(int)') as ((count: number) => void) | undefined;
  if (!count || !set) return blas;
  return {
    ...blas,
    dsyevd: (...call) => {
      const threads = call[2][0] <= SMALL ? count() : 1;
      if (threads > 1) set(1);
      try {
        blas.dsyevd(...call);
      } finally {
        if (threads > 1) set(threads);
      }
    },
  };
}
