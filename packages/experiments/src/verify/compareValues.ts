import type { Json, JsonObject } from '@ggdln/core';

/** How near a computed value has to be. */
export interface Tolerance {
  /** |difference| ≤ atol + rtol · |expected|. Default 1e-6. */
  readonly rtol?: number;
  /** Default 1e-8. */
  readonly atol?: number;
  /** Statistical: |difference| ≤ sigmas · √(se_expected² + se_computed²), with errors under `K_se` or `KStdError`. */
  readonly sigmas?: number;
}

/** What a comparison found. */
export interface ValueCheck {
  readonly passed: boolean;
  /** One sentence for each key that is missing or too far, naming the worst entry. */
  readonly failures: readonly string[];
  readonly compared: readonly string[];
  /** Keys that carry no error bars in a statistical case, or are only informative. */
  readonly notCompared: readonly string[];
  /** One sentence for each entry that is as near as its rounding allows, but not as near as the tolerance asks. */
  readonly rounded: readonly string[];
}

/** Keys that tell how a reference was found, not what it is. */
const informative = /^mmIterations/;
const errorSuffixes: readonly string[] = ['_se', 'StdError'];
const roundingSuffix = '_rounding';

/** One entry that is farther than the tolerance, and by how many times the allowance. */
interface Miss {
  readonly text: string;
  readonly excess: number;
  /** It is as near as rounding allows. */
  readonly isRounding?: boolean;
}

/**
 * Compares what was computed with what was expected, key by key. Keys that only `computed` has are ignored; keys
 * that only `expected` has are failures, except informative ones (`mmIterations…`) and, in statistical cases, those
 * without standard errors. Where only the computed value has one, the expected value is taken to be as uncertain.
 * A computed `K_rounding`, of the shape of K, says how far rounding alone carries an ill-conditioned formula for K; it is
 * allowed besides the tolerance, and entries that need it are named in `rounded`.
 */
export function compareValues(expected: JsonObject, computed: JsonObject, tolerance: Tolerance): ValueCheck {
  const failures: string[] = [];
  const compared: string[] = [];
  const notCompared: string[] = [];
  const rounded: string[] = [];
  for (const [key, value] of Object.entries(expected)) {
    const errors = tolerance.sigmas === undefined ? undefined : errorsOf(key, expected, computed);
    if (errors === 'is an error') continue;
    if (informative.test(key) || errors === 'none') {
      notCompared.push(key);
      continue;
    }
    compared.push(key);
    if (!Object.hasOwn(computed, key)) {
      failures.push(`${key} is missing in what was computed`);
      continue;
    }
    const misses = errors
      ? compareSampled(key, value, computed[key], errors, tolerance.sigmas ?? 0)
      : compareNested(key, value, computed[key], { ...tolerance, rounding: computed[key + roundingSuffix] ?? 0 });
    rounded.push(...misses.filter(({ isRounding }) => isRounding).map(({ text }) => text));
    const missed = misses.filter(({ isRounding }) => !isRounding);
    if (missed.length > 0) failures.push(worst(missed));
  }
  if (compared.length === 0) failures.push('nothing could be compared');
  return { passed: failures.length === 0, failures, compared, notCompared, rounded };
}

function worst(misses: readonly Miss[]): string {
  const first = misses.reduce((a, b) => (b.excess > a.excess ? b : a));
  return misses.length === 1 ? first.text : `${first.text} (and ${misses.length - 1} more)`;
}

interface SampledErrors {
  readonly expected: Json;
  readonly computed: Json;
}

function errorsOf(key: string, expected: JsonObject, computed: JsonObject): SampledErrors | 'is an error' | 'none' {
  if (errorSuffixes.some((suffix) => key.endsWith(suffix) && Object.hasOwn(expected, key.slice(0, -suffix.length)))) {
    return 'is an error';
  }
  const find = (values: JsonObject) => {
    const name = errorSuffixes.map((suffix) => key + suffix).find((candidate) => Object.hasOwn(values, candidate));
    return name === undefined ? undefined : values[name];
  };
  const there = find(expected);
  const here = find(computed);
  if (there !== undefined) return { expected: there, computed: here ?? 0 };
  return here === undefined ? 'none' : { expected: here, computed: here };
}

/** Nested arrays with their standard errors beside them; a missing error counts as 0. */
function compareSampled(path: string, expected: Json, computed: Json, errors: SampledErrors, sigmas: number): Miss[] {
  if (Array.isArray(expected)) {
    return overEntries(path, expected, computed, (i, item) =>
      compareSampled(
        `${path}[${i}]`,
        expected[i],
        item,
        { expected: at(errors.expected, i), computed: at(errors.computed, i) },
        sigmas,
      ),
    );
  }
  const spread = Math.hypot(toNumber(errors.expected), toNumber(errors.computed));
  return compareNumbers(path, expected, computed, sigmas * spread, `${sigmas} standard errors of ${spread}`);
}

interface Nearness extends Tolerance {
  /** How far rounding alone carries each entry; 0 where there is nothing. */
  readonly rounding: Json;
}

function compareNested(path: string, expected: Json, computed: Json, nearness: Nearness): Miss[] {
  const { rounding } = nearness;
  if (Array.isArray(expected)) {
    return overEntries(path, expected, computed, (i, item) =>
      compareNested(`${path}[${i}]`, expected[i], item, { ...nearness, rounding: at(rounding, i) }),
    );
  }
  if (expected !== null && typeof expected === 'object') {
    const found = computed !== null && typeof computed === 'object' ? (computed as JsonObject) : {};
    return Object.entries(expected).flatMap(([key, value]) =>
      Object.hasOwn(found, key)
        ? compareNested(`${path}.${key}`, value, found[key], { ...nearness, rounding: 0 })
        : [{ text: `${path}.${key} is missing in what was computed`, excess: Number.POSITIVE_INFINITY }],
    );
  }
  if (typeof expected !== 'number') {
    return expected === computed ? [] : [different(path, expected, computed)];
  }
  const { rtol = 1e-6, atol = 1e-8 } = nearness;
  const allowed = atol + rtol * Math.abs(expected);
  const misses = compareNumbers(path, expected, computed, allowed, `atol ${atol} + rtol ${rtol}`);
  const isRounding = Math.abs(toNumber(computed) - expected) <= allowed + toNumber(rounding);
  return isRounding ? misses.map((miss) => ({ ...miss, isRounding })) : misses;
}

function overEntries(
  path: string,
  expected: readonly Json[],
  computed: Json,
  compare: (index: number, item: Json) => Miss[],
): Miss[] {
  if (!Array.isArray(computed) || computed.length !== expected.length) {
    const found = Array.isArray(computed) ? `${computed.length} entries` : JSON.stringify(computed);
    return [{ text: `${path} has ${found}, expected ${expected.length}`, excess: Number.POSITIVE_INFINITY }];
  }
  return computed.flatMap((item: Json, index) => compare(index, item));
}

function compareNumbers(path: string, expected: Json, computed: Json, allowed: number, rule: string): Miss[] {
  if (typeof expected !== 'number' || typeof computed !== 'number') return [different(path, expected, computed)];
  const difference = Math.abs(computed - expected);
  if (difference <= allowed) return [];
  const text = `${path} is ${computed}, expected ${expected}: off by ${difference.toPrecision(3)}, allowed ${allowed.toPrecision(3)} (${rule})`;
  return [{ text, excess: difference / allowed }];
}

function different(path: string, expected: Json, computed: Json): Miss {
  return {
    text: `${path} is ${JSON.stringify(computed)}, expected ${JSON.stringify(expected)}`,
    excess: Number.POSITIVE_INFINITY,
  };
}

function at(values: Json, index: number): Json {
  return Array.isArray(values) ? values[index] : values;
}

function toNumber(value: Json): number {
  return typeof value === 'number' ? value : 0;
}
