/** A real float64 matrix, row-major: entry (i, j) is `data[i * cols + j]`. Plain data; it crosses workers as it is. */
export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float64Array;
}

export interface GemmOptions {
  /** Use Aᵀ instead of A. */
  readonly transA?: boolean;
  /** Use Bᵀ instead of B. */
  readonly transB?: boolean;
  /**
   * A is 0 above its diagonal (i < j), wherever that ends in a rectangle: a backend may save the products with it. Not
   * with `transA`. Default false.
   */
  readonly lowerA?: boolean;
  /** Factor of the product. Default 1. */
  readonly alpha?: number;
  /** Factor of what `out` held before. Default 0; needs `out`. */
  readonly beta?: number;
  /** Where to put the result; made when absent. Must not share memory with A or B. */
  readonly out?: Matrix;
}

export interface SyrkOptions {
  /** AᵀA instead of AAᵀ. */
  readonly trans?: boolean;
  /** Factor of the product. Default 1. */
  readonly alpha?: number;
  /** Factor of what `out` held before, a symmetric matrix whose lower triangle is read. Default 0; needs `out`. */
  readonly beta?: number;
  /** Where to put the result; made when absent. Must not share memory with A. */
  readonly out?: Matrix;
  /** Only the lower triangle of the result is wanted: what is above the diagonal is not defined. Default false. */
  readonly lowerOnly?: boolean;
}

export interface OverwriteOptions {
  /**
   * The argument is no longer needed: its memory may hold the result, and what it holds afterwards (also after an error)
   * is not defined. Saves one copy of the largest matrix. Default false.
   */
  readonly overwrite?: boolean;
}

export interface InverseOptions extends OverwriteOptions {
  /** Only the lower triangle of the result is wanted: what is above the diagonal is not defined. Default false. */
  readonly lowerOnly?: boolean;
}

/** C ← alpha · op(A) · op(B) + beta · C on flat row-major arrays: op(A) is m × k, op(B) is k × n, C is m × n. */
export interface FlatProduct {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** `a` holds Aᵀ, that is k rows of m numbers. */
  readonly transA?: boolean;
  /** `b` holds Bᵀ, that is n rows of k numbers. */
  readonly transB?: boolean;
  /** Factor of the product. Default 1. */
  readonly alpha?: number;
  /** Factor of what C held before. Default 0: C is not read. */
  readonly beta?: number;
  /** The place in each array where its matrix begins. Default 0. */
  readonly offsets?: { readonly a?: number; readonly b?: number; readonly c?: number };
}

export interface TriangularSolveOptions {
  /** Solve with Lᵀ instead of L. */
  readonly trans?: boolean;
}

/**
 * Float64 linear algebra behind the theories and the exact samplers. Every method returns new matrices (except into
 * a given `out`), never changes its arguments (except with `overwrite`), and throws GGDLN_INPUT for shapes that don't
 * fit and GGDLN_NUMERICAL (naming the pivot or the iteration) instead of returning NaN. The same inputs give the same
 * bits on the same backend. `multiplyInto` is the exception: the bare product for inner loops, in either precision.
 */
export interface LinalgBackend {
  /** Short name for tables and files, e.g. `wasm`. */
  readonly name: string;
  /** One line for people: what runs, with version and threads. */
  readonly description: string;
  /** alpha · op(A) · op(B) + beta · out. */
  gemm(a: Matrix, b: Matrix, options?: GemmOptions): Matrix;
  /** alpha · AAᵀ (or AᵀA) + beta · out, the full symmetric matrix. */
  syrk(a: Matrix, options?: SyrkOptions): Matrix;
  /** Lower-triangular L with LLᵀ = A; the upper triangle of A is not read, that of L is zero. */
  cholesky(a: Matrix, options?: OverwriteOptions): Matrix;
  /** (LLᵀ)⁻¹, the full symmetric matrix, from a Cholesky factor. */
  choleskyInverse(l: Matrix, options?: InverseOptions): Matrix;
  /** Solves LLᵀ X = B. */
  choleskySolve(l: Matrix, b: Matrix): Matrix;
  /** Solves L X = B (or Lᵀ X = B) for lower-triangular L. */
  triangularSolve(l: Matrix, b: Matrix, options?: TriangularSolveOptions): Matrix;
  /** Eigenvalues ascending and orthonormal eigenvectors (columns) of a symmetric matrix; its lower triangle is read. */
  symmetricEigen(a: Matrix): { readonly values: Float64Array; readonly vectors: Matrix };
  /** Thin SVD A = U diag(s) Vᵀ with s descending; U is rows × k, V is cols × k, k = min(rows, cols). */
  svd(a: Matrix): { readonly u: Matrix; readonly s: Float64Array; readonly v: Matrix };
  /** Thin QR of a matrix with rows ≥ cols: Q rows × cols with orthonormal columns, R upper triangular, its diagonal ≥ 0. */
  qr(a: Matrix): { readonly q: Matrix; readonly r: Matrix };
  /** The minimum-norm least-squares solution X of A X ≈ B; singular values below rcond · largest count as zero. */
  leastSquares(a: Matrix, b: Matrix, rcond?: number): Matrix;
  /**
   * C ← alpha · op(A) · op(B) + beta · C on flat arrays of one precision, without making any: the product of gradients
   * and Langevin steps. Sizes, precision and overlap are checked (GGDLN_INPUT); numbers are not looked at, so that NaN
   * and overflow pass through and the caller checks what it ends with.
   * @param c Takes the result, in place; must not share memory with what is read of `a` and `b`.
   */
  multiplyInto<Numbers extends Float32Array | Float64Array>(
    product: FlatProduct,
    a: Numbers,
    b: Numbers,
    c: Numbers,
  ): void;
}
