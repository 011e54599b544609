import { totalmem } from 'node:os';

/** Of the machine's memory, or of what a container leaves of it, how much computations may plan to use. */
const SHARE = 0.8;

/** Bytes that each of some processes may use. */
export function memoryLimit(processes = 1): number {
  // 0, undefined or an astronomic number where nothing constrains the process.
  const constrained = process.constrainedMemory?.() || Number.POSITIVE_INFINITY;
  return (SHARE * Math.min(totalmem(), constrained)) / processes;
}
