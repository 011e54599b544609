import { readFileSync } from 'node:fs';
import type { Json, JsonObject } from '@ggdln/core';

/** A case of a fixture file. */
export interface StoredCase {
  readonly name: string;
  readonly compute: string;
  readonly params: JsonObject;
  readonly inputs: JsonObject;
  readonly expected: JsonObject;
  readonly tolerance: { readonly rtol: number; readonly atol: number };
}

/** The cases of `fixtures/<file>`. */
export function storedCases(file: string): StoredCase[] {
  return JSON.parse(readFileSync(new URL(`../../../fixtures/${file}`, import.meta.url), 'utf8')).cases;
}

/** Every place where `computed` is not `expected` within atol + rtol·|expected|, with both values. */
export function differences(computed: Json, expected: Json, tolerance: StoredCase['tolerance'], at = ''): string[] {
  if (typeof expected === 'number' && typeof computed === 'number') {
    const allowed = tolerance.atol + tolerance.rtol * Math.abs(expected);
    return Math.abs(computed - expected) <= allowed ? [] : [`${at}: ${computed}, expected ${expected}`];
  }
  if (expected === null || typeof expected !== 'object' || computed === null || typeof computed !== 'object') {
    return computed === expected ? [] : [`${at}: ${JSON.stringify(computed)}, expected ${JSON.stringify(expected)}`];
  }
  const [there, here] = [Object.entries(expected), computed as JsonObject];
  const extra =
    Array.isArray(expected) && Object.keys(here).length !== there.length ? [`${at} has another length`] : [];
  return [...extra, ...there.flatMap(([key, value]) => differences(here[key], value, tolerance, `${at}.${key}`))];
}
