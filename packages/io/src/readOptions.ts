import { GgdlnError } from '@ggdln/core';

/** How much a decoder may allocate when nothing else is said: 2 GiB. */
export const DEFAULT_MAX_BYTES: number = 2 ** 31;

export interface ReadOptions {
  /** What the bytes are called in messages, e.g. a file name. Default `the data`. */
  readonly name?: string;
  /** Refuse to allocate more bytes than this for the result. Default `DEFAULT_MAX_BYTES`. */
  readonly maxBytes?: number;
}

/** What a decoder found that it can't accept. */
interface Damage {
  /** Offset in the file of the first byte that is wrong or missing. */
  readonly at: number;
  readonly expected: string;
  readonly got: string;
  readonly remedy?: string;
  readonly cause?: unknown;
}

/** A `GGDLN_DATA` that says what is wrong, at which byte, what was expected and what was there. */
export function damaged(where: string, name: string, damage: Damage): GgdlnError {
  const {
    at,
    expected,
    got,
    remedy = 'The file is truncated, corrupt or of another format; get it again',
    cause,
  } = damage;
  return new GgdlnError({
    code: 'GGDLN_DATA',
    where,
    problem: `${name}, byte ${at}: expected ${expected}, got ${got}`,
    remedy,
    ...(cause === undefined ? {} : { cause }),
  });
}

/**
 * Checks that a result fits the limit before it is allocated.
 * @param at Where in the file its size is declared.
 */
export function requireWithinLimit(where: string, name: string, at: number, bytes: number, options: ReadOptions): void {
  const { maxBytes = DEFAULT_MAX_BYTES } = options;
  if (bytes <= maxBytes) return;
  throw damaged(where, name, {
    at,
    expected: `at most ${maxBytes} bytes of data (maxBytes)`,
    got: `a declared size of ${bytes} bytes`,
    remedy: 'Raise maxBytes if the file is meant to be this large',
  });
}

/** Printable form of a few bytes, e.g. `93 4e 55`. */
export function hex(bytes: Uint8Array): string {
  return bytes.length === 0 ? 'the end' : Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
