import type { RandomStream } from '@ggdln/core';

/** A reader that strangers' files reach. */
export interface FuzzTarget {
  readonly name: string;
  /** Files that it accepts, and ones that are nearly right: what mutations start from. */
  readonly samples: readonly Uint8Array[];
  /** Files too large for mutations, each read once, before all others. */
  readonly large?: readonly (() => Uint8Array)[];
  /** Pieces of its grammar that mutations insert. */
  readonly tokens?: readonly string[];
  /** A file made on purpose to lie about itself, where flipping bytes alone would stop at a checksum. */
  readonly craft?: (rng: RandomStream) => Uint8Array;
  /**
   * Reads a file. May throw only a `GgdlnError`; throws anything else when what it accepted doesn't hold together,
   * e.g. doesn't come back after it is written again.
   */
  readonly read: (bytes: Uint8Array) => void | Promise<void>;
  /** Bytes of typed arrays that reading a file of that many bytes may allocate. */
  readonly allowance: (fileBytes: number) => number;
}

const encoder = new TextEncoder();

/** The UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** @throws Error with the message, unless the condition holds. */
export function insist(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}
