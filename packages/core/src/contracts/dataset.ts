import type { JsonObject } from '../json.ts';
import type { Matrix } from './linalg.ts';

/** Inputs with targets; rows are examples. */
export interface Examples {
  /** Inputs, P × N0. */
  readonly X: Matrix;
  /** Targets, P × C. */
  readonly Y: Matrix;
  /** Which task each example belongs to, length P; absent when there is one task. */
  readonly tasks?: Int32Array;
}

/** A learning problem's data, split once and for all. */
export interface Dataset {
  readonly train: Examples;
  readonly test: Examples;
  /** What was loaded and done to it (classes, pooling, scaling, indices, checksums): goes into the results. */
  readonly provenance: JsonObject;
}
