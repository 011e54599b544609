import type { Row, SourceRole } from '@ggdln/core';

/** A mean with its standard error; `null` where there is one value alone. */
export interface Estimate {
  readonly value: number;
  readonly stderr: number | null;
}

/** Mean over independent draws, at least one. */
export function estimate(values: readonly number[]): Estimate {
  const n = values.length;
  const value = values.reduce((sum, entry) => sum + entry, 0) / n;
  if (n < 2) return { value, stderr: null };
  const square = values.reduce((sum, entry) => sum + (entry - value) ** 2, 0);
  return { value, stderr: Math.sqrt(square / (n * (n - 1))) };
}

/** A diagnostic: the standard error is left out where there is none. */
export function diagnostic({ value, stderr }: Estimate): { readonly value: number; readonly stderr?: number } {
  return stderr === null ? { value } : { value, stderr };
}

/** Where a row stands: the cells of the axis and of the group. */
export type Place = Row;

/** A point of a theory's line. */
export function theoryRow(place: Place, metric: string, value: number): Row {
  return { ...place, source: 'theory', role: 'theory', metric, value, stderr: null };
}

/** A point of a simulation. */
export function simulatedRow(
  place: Place,
  metric: string,
  { value, stderr }: Estimate,
  from: { readonly source: string; readonly role: SourceRole },
): Row {
  return { ...place, source: from.source, role: from.role, metric, value, stderr };
}
