import {
  createRandom,
  type FileSource,
  inputError,
  isGgdlnError,
  type Json,
  type JsonObject,
  type LinalgBackend,
  nearestNames,
  type Registry,
  type RunContext,
  throwIfCancelled,
} from '@ggdln/core';
import { compareValues, type Tolerance, type ValueCheck } from './compareValues.ts';

/** What came of one case of a fixture file. */
export interface CaseReport {
  readonly name: string;
  readonly compute: string;
  readonly status: 'computed' | 'unsupported' | 'error';
  /** The computed values, with the keys of the case's `expected`; `null` unless `status` is `computed`. */
  readonly computed: JsonObject | null;
  /** What went wrong, or why the case is not supported. */
  readonly error: string | null;
  /** The comparison with `expected`; `null` where the case has none or nothing was computed. */
  readonly check: ValueCheck | null;
}

/** What came of a fixture file. */
export interface FixtureReport {
  readonly cases: readonly CaseReport[];
  /** `computed` counts cases without `expected`; a case is counted once. */
  readonly counts: {
    readonly passed: number;
    readonly failed: number;
    readonly computed: number;
    readonly unsupported: number;
    readonly errors: number;
  };
}

/** How a fixture is verified. */
export interface VerifyOptions {
  readonly registry: Registry;
  readonly linalg: LinalgBackend;
  readonly files?: FileSource;
  readonly signal?: AbortSignal;
  /** Seed of statistical cases. Default 1. */
  readonly seed?: number;
  /** Called after each case. */
  readonly onCase?: (report: CaseReport) => void;
}

/**
 * Computes every case of a fixture file and compares it with the case's `expected`, if it has one. What to compute
 * is decided by `compute` alone, never by the case's name.
 * @param document `{ cases: [{ name, compute, params, inputs, expected?, tolerance? }] }`, as parsed from JSON.
 * @throws GGDLN_INPUT when the document has no list of cases; GGDLN_CANCELLED.
 */
export async function verifyFixture(document: Json, options: VerifyOptions): Promise<FixtureReport> {
  const list = isObject(document) ? document.cases : undefined;
  if (!Array.isArray(list)) {
    throw inputError(
      '@ggdln/experiments verifyFixture',
      'the document has no list "cases"',
      'A fixture is { "cases": [{ "name", "compute", "params", "inputs", "expected", "tolerance" }] }',
    );
  }
  const cases: CaseReport[] = [];
  for (const [index, item] of list.entries()) {
    throwIfCancelled(options.signal, '@ggdln/experiments verifyFixture');
    const report = await verifyCase(item, index, options);
    cases.push(report);
    options.onCase?.(report);
  }
  return { cases, counts: count(cases) };
}

/** The document that `ggdln verify --json` prints: status and computed values alone. */
export function toVerifyDocument(report: FixtureReport): JsonObject {
  return {
    cases: report.cases.map(({ name, compute, status, computed, error }) => ({
      name,
      compute,
      status,
      computed,
      error,
    })),
  };
}

async function verifyCase(item: Json, index: number, options: VerifyOptions): Promise<CaseReport> {
  const { name, compute, params = {}, inputs = {}, expected, tolerance = {} } = isObject(item) ? item : {};
  const label = {
    name: typeof name === 'string' ? name : `case ${index + 1}`,
    compute: typeof compute === 'string' ? compute : '',
  };
  const without = (status: 'unsupported' | 'error', error: string): CaseReport => ({
    ...label,
    status,
    computed: null,
    error,
    check: null,
  });
  if (label.compute === '') return without('error', 'the case has no "compute" that says what to compute');
  if (!isObject(params) || !isObject(inputs)) return without('error', '"params" and "inputs" must be objects');
  const wrong = wrongReference(expected, tolerance);
  if (wrong) return without('error', wrong);
  const run = options.registry.conformance(label.compute);
  if (!run) return without('unsupported', `no plugin computes "${label.compute}"${suggestion(label.compute, options)}`);
  try {
    const computed = await run({ params, inputs }, contextOf(label.compute, options));
    refuseNonFinite(computed, 'computed');
    const check = isObject(expected) ? compareValues(expected, computed, tolerance as Tolerance) : null;
    return { ...label, status: 'computed', computed, error: null, check };
  } catch (error) {
    if (isGgdlnError(error) && error.code === 'GGDLN_CANCELLED') throw error;
    return without('error', error instanceof Error ? error.message : String(error));
  }
}

/** The nearest computations that there are, for a name that may be misspelt. */
function suggestion(compute: string, { registry }: VerifyOptions): string {
  const known = new Set(registry.plugins.flatMap((plugin) => Object.keys(plugin.conformance ?? {})));
  const near = nearestNames(compute, [...known]);
  return near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '';
}

/** What is wrong with the reference values of a case, if anything. */
function wrongReference(expected: Json | undefined, tolerance: Json): string | undefined {
  if (expected !== undefined && !isObject(expected)) return '"expected" must be an object of named values';
  if (!isObject(tolerance)) return '"tolerance" must be an object with rtol and atol, or sigmas';
  const bad = ['rtol', 'atol', 'sigmas'].find((key) => {
    const value = tolerance[key];
    return value !== undefined && !(typeof value === 'number' && value >= 0);
  });
  return bad && `tolerance.${bad} is ${JSON.stringify(tolerance[bad])}; it should be a number ≥ 0`;
}

/** Random numbers depend on what is computed, not on the case's name or place. */
function contextOf(compute: string, { linalg, files, signal, seed = 1 }: VerifyOptions): RunContext {
  return {
    rng: createRandom(seed).stream('verify').stream(compute),
    linalg,
    ...(files ? { files } : {}),
    ...(signal ? { signal } : {}),
  };
}

function refuseNonFinite(value: Json, path: string): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw inputError('@ggdln/experiments verifyFixture', `${path} is ${value}`, 'Computed values must be finite');
  }
  if (value === null || typeof value !== 'object') return;
  for (const [key, item] of Object.entries(value)) refuseNonFinite(item, `${path}.${key}`);
}

function count(cases: readonly CaseReport[]): FixtureReport['counts'] {
  const of = (test: (item: CaseReport) => boolean) => cases.filter(test).length;
  return {
    passed: of(({ check }) => check?.passed === true),
    failed: of(({ check }) => check?.passed === false),
    computed: of(({ status, check }) => status === 'computed' && check === null),
    unsupported: of(({ status }) => status === 'unsupported'),
    errors: of(({ status }) => status === 'error'),
  };
}

function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
