import { canonicalJson, type ErrorCode, isGgdlnError, type Json } from '@ggdln/core';

/** One property that an entry of a plugin must have. */
export interface Check {
  /** Reads after "it": `gives an input the same gates alone as in a batch`. */
  readonly name: string;
  /** Throws (or rejects) with what was found instead when the entry lacks the property. */
  readonly run: () => void | Promise<void>;
}

/** A check that an entry did not pass. */
export interface FailedCheck {
  readonly name: string;
  /** What was found instead. */
  readonly reason: string;
}

/** Runs checks without a test runner. @returns Those that failed, in order; none when the contract is kept. */
export async function failedChecks(checks: readonly Check[]): Promise<FailedCheck[]> {
  const failed: FailedCheck[] = [];
  for (const { name, run } of checks) {
    try {
      await run();
    } catch (error) {
      failed.push({ name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return failed;
}

/** Throws `message` unless the condition holds. */
export function demand(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/**
 * Demands that `run` throws or rejects with an error that ggdln's callers can handle.
 * @param what What is being refused, e.g. `inputs of another dimension than at fit`.
 * @param code The only code that will do; any GGDLN code when absent.
 */
export async function demandRefusal(what: string, run: () => unknown, code?: ErrorCode): Promise<void> {
  let error: unknown;
  try {
    await run();
  } catch (thrown) {
    error = thrown;
  }
  const expected = code ? `an error with code ${code}` : 'an error whose code starts with GGDLN_';
  demand(error !== undefined, `${what}: accepted without an error, expected ${expected}`);
  const found = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  demand(isGgdlnError(error) && (!code || error.code === code), `${what}: expected ${expected}, got ${found}`);
  demand(
    error.message.trim() !== '',
    `${what}: the error has no message, expected what was received and what would be right`,
  );
}

/** Demands that a value is plain JSON: no typed arrays, no class instances, no NaN, nothing undefined. */
export function demandJson(what: string, value: unknown): asserts value is Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    demand(Number.isFinite(value), `${what} is ${value}, which JSON can't hold; expected a finite number`);
    return;
  }
  const plain =
    typeof value === 'object' && (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype);
  demand(plain, `${what} is ${describe(value)}, not plain JSON, expected numbers in plain arrays`);
  for (const [key, item] of Object.entries(value as object)) demandJson(`${what}.${key}`, item);
}

/** A copy as it comes back from a file. */
export function throughJson<Value extends Json>(value: Value): Value {
  return JSON.parse(canonicalJson(value)) as Value;
}

/** Computes on the first call and keeps the result, so that several checks share one long run. */
export function once<Result>(compute: () => Result): () => Result {
  let kept: { readonly result: Result } | undefined;
  return () => {
    kept ??= { result: compute() };
    return kept.result;
  };
}

function describe(value: unknown): string {
  return typeof value === 'object' && value !== null ? `a ${value.constructor?.name ?? 'object'}` : typeof value;
}
