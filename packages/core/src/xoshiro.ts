/** The four words of a generator's state; advanced in place. */
export type Words = Int32Array;

/** xoshiro128** 1.1 (Blackman and Vigna, ACM TOMS 47:36, 2021): 32-bit operations, period 2^128 − 1. Signed. */
export function nextWord(words: Words): number {
  const a = words[0];
  const b = words[1];
  const c = words[2] ^ a;
  const d = words[3] ^ b;
  words[0] = a ^ d;
  words[1] = b ^ c;
  words[2] = c ^ (b << 9);
  words[3] = (d << 11) | (d >>> 21);
  const product = Math.imul(b, 5);
  return Math.imul((product << 7) | (product >>> 25), 9);
}

/** Uniform on [0, 1), 53 random bits. */
export function uniform(words: Words): number {
  const high = nextWord(words) >>> 0;
  return (high * 0x200000 + (nextWord(words) >>> 11)) * 2 ** -53;
}
