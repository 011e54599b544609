/** A shared library as koffi gives it: functions by their C prototype. Throws for a name that it lacks. */
export interface SharedLibrary {
  func(prototype: string): unknown;
}

type Numbers = Float64Array | Float32Array;

type Gemm = (
  order: number,
  transA: number,
  transB: number,
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: Numbers,
  lda: number,
  b: Numbers,
  ldb: number,
  beta: number,
  c: Numbers,
  ldc: number,
) => void;

type Gemv = (
  order: number,
  trans: number,
  m: number,
  n: number,
  alpha: number,
  a: Numbers,
  lda: number,
  x: Numbers,
  incX: number,
  beta: number,
  y: Numbers,
  incY: number,
) => void;

/** A Fortran integer or character, passed by address. */
type Int = Int32Array;

/** B (m × n) times a triangle or its inverse, by `alpha`, over B. */
type TriangleTimesMatrix = (
  order: number,
  side: number,
  uplo: number,
  trans: number,
  diag: number,
  m: number,
  n: number,
  alpha: number,
  a: Float64Array,
  lda: number,
  b: Float64Array,
  ldb: number,
) => void;

/**
 * The routines that the backend calls. CBLAS takes row-major matrices. LAPACK is Fortran: every argument is an address,
 * matrices are column-major, and the lengths of its character arguments follow the others.
 */
export interface Blas {
  readonly dgemm: Gemm;
  readonly sgemm: Gemm;
  readonly dgemv: Gemv;
  readonly sgemv: Gemv;
  readonly dsyrk: (
    order: number,
    uplo: number,
    trans: number,
    n: number,
    k: number,
    alpha: number,
    a: Float64Array,
    lda: number,
    beta: number,
    c: Float64Array,
    ldc: number,
  ) => void;
  readonly dtrsm: TriangleTimesMatrix;
  readonly dtrmm: TriangleTimesMatrix;
  readonly dtrsv: (
    order: number,
    uplo: number,
    trans: number,
    diag: number,
    n: number,
    a: Float64Array,
    lda: number,
    x: Float64Array,
    incX: number,
  ) => void;
  readonly dasum: (n: number, x: Float64Array, incX: number) => number;
  readonly ddot: (n: Int, x: Float64Array, incX: Int, y: Float64Array, incY: Int) => number;
  readonly dpotrf: (uplo: string, n: Int, a: Float64Array, lda: Int, info: Int, uploLength: number) => void;
  readonly dlauum: (uplo: string, n: Int, a: Float64Array, lda: Int, info: Int, uploLength: number) => void;
  readonly dtrtri: (
    uplo: string,
    diag: string,
    n: Int,
    a: Float64Array,
    lda: Int,
    info: Int,
    uploLength: number,
    diagLength: number,
  ) => void;
  readonly dsyevd: (
    jobz: string,
    uplo: string,
    n: Int,
    a: Float64Array,
    lda: Int,
    w: Float64Array,
    work: Float64Array,
    lwork: Int,
    iwork: Int32Array,
    liwork: Int,
    info: Int,
    jobzLength: number,
    uploLength: number,
  ) => void;
  readonly dgesdd: (
    jobz: string,
    m: Int,
    n: Int,
    a: Float64Array,
    lda: Int,
    s: Float64Array,
    u: Float64Array,
    ldu: Int,
    vt: Float64Array,
    ldvt: Int,
    work: Float64Array,
    lwork: Int,
    iwork: Int32Array,
    info: Int,
    jobzLength: number,
  ) => void;
  readonly dgelqf: (
    m: Int,
    n: Int,
    a: Float64Array,
    lda: Int,
    tau: Float64Array,
    work: Float64Array,
    lwork: Int,
    info: Int,
  ) => void;
  readonly dorglq: (
    m: Int,
    n: Int,
    k: Int,
    a: Float64Array,
    lda: Int,
    tau: Float64Array,
    work: Float64Array,
    lwork: Int,
    info: Int,
  ) => void;
}

const gemm = (real: string) =>
  `int, int, int, int, int, int, ${real}, ${real} *, int, ${real} *, int, ${real}, ${real} *, int`;
const gemv = (real: string) => `int, int, int, int, ${real}, ${real} *, int, ${real} *, int, ${real}, ${real} *, int`;
const factor = 'const char *, int *, double *, int *, int *, size_t';

/** Symbol, result and arguments in C. */
const PROTOTYPES: Readonly<Record<keyof Blas, readonly [symbol: string, result: string, parameters: string]>> = {
  dgemm: ['cblas_dgemm', 'void', gemm('double')],
  sgemm: ['cblas_sgemm', 'void', gemm('float')],
  dgemv: ['cblas_dgemv', 'void', gemv('double')],
  sgemv: ['cblas_sgemv', 'void', gemv('float')],
  dsyrk: ['cblas_dsyrk', 'void', 'int, int, int, int, int, double, double *, int, double, double *, int'],
  dtrsm: ['cblas_dtrsm', 'void', 'int, int, int, int, int, int, int, double, double *, int, double *, int'],
  dtrmm: ['cblas_dtrmm', 'void', 'int, int, int, int, int, int, int, double, double *, int, double *, int'],
  dtrsv: ['cblas_dtrsv', 'void', 'int, int, int, int, int, double *, int, double *, int'],
  dasum: ['cblas_dasum', 'double', 'int, double *, int'],
  ddot: ['ddot_', 'double', 'int *, double *, int *, double *, int *'],
  dpotrf: ['dpotrf_', 'void', factor],
  dlauum: ['dlauum_', 'void', factor],
  dtrtri: ['dtrtri_', 'void', 'const char *, const char *, int *, double *, int *, int *, size_t, size_t'],
  dsyevd: [
    'dsyevd_',
    'void',
    'const char *, const char *, int *, double *, int *, double *, double *, int *, int *, int *, int *, size_t, size_t',
  ],
  dgesdd: [
    'dgesdd_',
    'void',
    'const char *, int *, int *, double *, int *, double *, double *, int *, double *, int *, double *, int *, int *, ' +
      'int *, size_t',
  ],
  dgelqf: ['dgelqf_', 'void', 'int *, int *, double *, int *, double *, double *, int *, int *'],
  dorglq: ['dorglq_', 'void', 'int *, int *, int *, double *, int *, double *, double *, int *, int *'],
};

/** What a library offers: the routines, or the names that it lacks. */
export type Bound = { readonly blas: Blas } | { readonly missing: readonly string[] };

/** Finds the routines in a library. */
export function bindBlas(library: SharedLibrary): Bound {
  const missing: string[] = [];
  const functions = Object.entries(PROTOTYPES).map(([name, [symbol, result, parameters]]) => {
    const found = findFunction(library, `${result} ${symbol}(${parameters})`);
    if (!found) missing.push(symbol);
    return [name, found];
  });
  if (missing.length > 0) return { missing };
  return { blas: Object.fromEntries(functions) as Blas };
}

/** What NumPy and SciPy have before every name of the OpenBLAS that they bring along. */
const PREFIX = 'scipy_';

/** A library by the usual names of BLAS, whether its own have a prefix or not. */
export function withOwnNames(library: SharedLibrary): SharedLibrary {
  const prefixed: SharedLibrary = {
    func: (prototype) => library.func(prototype.replace(/\w+(?=\()/, (name) => PREFIX + name)),
  };
  const isPrefixed = ['cblas_dgemm', 'cblas_dgemm64_'].some((name) => findFunction(prefixed, `void ${name}()`));
  return isPrefixed ? prefixed : library;
}

/** A function of a library, or nothing where it has none of that name. */
export function findFunction(library: SharedLibrary, prototype: string): unknown {
  try {
    return library.func(prototype);
  } catch {
    return undefined;
  }
}

/** True when the library has its routines under the names of 64-bit integers, such as `dgemm_64_`. */
export function hasLongNames(library: SharedLibrary): boolean {
  return ['cblas_dgemm64_', 'dgemm_64_', 'dpotrf_64_'].some((symbol) => findFunction(library, `void ${symbol}()`));
}

/**
 * True when integers of the library have 64 bits though its names don't say so. Asked for Σ x_i y_i over n = 1 numbers,
 * where the integer is followed by bits that make a negative n of a longer one, such a library sums nothing.
 */
export function hasLongIntegers({ ddot }: Blas): boolean {
  const one = Int32Array.of(1, 0);
  return ddot(Int32Array.of(1, -1), Float64Array.of(2), one, Float64Array.of(3), one) !== 6;
}
