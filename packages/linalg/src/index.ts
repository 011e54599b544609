export type {
  FlatProduct,
  GemmOptions,
  LinalgBackend,
  Matrix,
  OverwriteOptions,
  SyrkOptions,
  TriangularSolveOptions,
} from '@ggdln/core';
export { chooseLinalg, type LinalgChoice } from './chooseLinalg.ts';
export { rowKronecker } from './kronecker.ts';
export { linalgPlugin } from './linalgPlugin.ts';
export { createLoopMemory, type LoopMemory } from './loopMemory.ts';
export {
  add,
  columnVector,
  copy,
  hadamard,
  identity,
  inner,
  matrix,
  matrixFromRows,
  maxAbs,
  mirrorLower,
  requireMatrix,
  scaleRows,
  selectMatrixRows,
  shapeOf,
  symmetrise,
  toRows,
  trace,
  transpose,
} from './matrix.ts';
export { createMlMatrixBackend } from './mlMatrixBackend.ts';
export { solveGeneral } from './solveGeneral.ts';
export { type GradientAt, type StableRate, stableRate } from './stableRate.ts';
export { createSingleProduct, type SingleProduct } from './wasm/singleProduct.ts';
export { createWasmBackend } from './wasmBackend.ts';
