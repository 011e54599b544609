export { multiplyAdd } from './product';
export { diagonalise } from './rotations';
export { factorise, inverseFromFactor, lastPivot, mirror, solveLower, solveUpper } from './triangular';
export { formReflections, tridiagonalise } from './tridiagonal';

/** The first byte that callers may use: below it lie the packing buffers. */
export function firstFreeByte(): usize {
  return __heap_base;
}
