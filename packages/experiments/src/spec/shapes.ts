import { type SpecOrigin, type SpecPath, specError } from './specSource.ts';

/** Checks one value at a place; throws what is wrong with it. */
export type Check = (value: unknown, path: SpecPath, origin: SpecOrigin) => void;

/** The value as a mapping. @throws GGDLN_CONFIG with the remedy. */
export function requireObject(
  value: unknown,
  path: SpecPath,
  origin: SpecOrigin,
  remedy: string,
): Record<string, unknown> {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  const what = path.length === 0 ? 'the experiment' : path.join('.');
  throw specError(origin, path, { problem: `${what} is ${describe(value)}, not a mapping`, remedy });
}

/** The value as a list. @throws GGDLN_CONFIG with the remedy. */
export function requireList(value: unknown, path: SpecPath, origin: SpecOrigin, remedy: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw specError(origin, path, { problem: `${path.join('.')} is ${describe(value)}, not a list`, remedy });
}

/** The complaint about a value of another type than the wanted one. */
export function wrongType(value: unknown, path: SpecPath, origin: SpecOrigin, wanted: string): Error {
  return specError(origin, path, { problem: `${path.join('.')} is ${describe(value)}`, remedy: `Give ${wanted}` });
}

function describe(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? `the text "${value}"` : String(value);
}
