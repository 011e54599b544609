import type { LinalgBackend } from '@ggdln/core';
import { leastSquaresBySvd } from '@ggdln/linalg/backend';
import { createFactors } from './factors.ts';
import { describeLibrary, setThreads } from './identity.ts';
import { backendError, type LoadLibrary, openBlas, type Platform } from './library.ts';
import { createProducts } from './products.ts';
import { withSmallCallsAlone } from './smallCalls.ts';
import { createSpectral } from './spectral.ts';

export interface OpenblasOptions {
  /** Path or name of the shared library. Default: the environment's `GGDLN_BLAS`, else the first of the usual ones. */
  readonly library?: string;
  /**
   * Threads of the library. Holds for the whole process, workers included: a process that computes in several workers
   * should give each 1. Default: the environment's `GGDLN_BLAS_THREADS`, else as the library has it (all processors).
   */
  readonly threads?: number;
}

/**
 * Linear algebra at native speed: OpenBLAS, Accelerate or another BLAS with LAPACK and CBLAS that is installed on the
 * machine. Arrays are passed by address, nothing is copied to call it. The same inputs, library and threads give the
 * same bits.
 * @throws GGDLN_BACKEND when no library is found, or the named one can't be loaded, is no BLAS, or has 64-bit integers;
 * the message says which and how to get one. GGDLN_INPUT for threads that are no whole number ≥ 1.
 */
export async function createOpenblasBackend(options: OpenblasOptions = {}): Promise<LinalgBackend> {
  return openBackend(await loadKoffi(), process, options);
}

/** The backend over a given way to load libraries. */
export function openBackend(load: LoadLibrary, platform: Platform, options: OpenblasOptions): LinalgBackend {
  const opened = openBlas(load, platform, options.library);
  setThreads(opened, options.threads, platform.env);
  const blas = withSmallCallsAlone(opened.blas, opened.library);
  const products = createProducts(blas);
  const spectral = createSpectral(blas);
  return {
    name: 'openblas',
    get description() {
      return describeLibrary(opened);
    },
    ...products,
    ...spectral,
    ...createFactors(blas),
    leastSquares: (a, b, rcond) => leastSquaresBySvd({ gemm: products.gemm, svd: spectral.svd }, a, b, rcond),
  };
}

async function loadKoffi(): Promise<LoadLibrary> {
  try {
    const { load } = await import('koffi');
    return load;
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw backendError(
      `koffi, which calls native libraries, does not run here (${words.split('\n')[0]})`,
      'Install it for this platform (npm install koffi), or use the wasm backend',
      cause,
    );
  }
}
