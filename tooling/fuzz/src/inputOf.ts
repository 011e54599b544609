import type { RandomStream } from '@ggdln/core';
import { mutated } from './mutate.ts';
import type { FuzzTarget } from './target.ts';

/** Input number `index` of a target: the same bytes for the same stream, whatever came before. */
export function inputOf(target: FuzzTarget, rng: RandomStream, index: number): Uint8Array {
  const large = target.large?.[index];
  if (large) return large();
  const stream = rng.stream(index);
  if (target.craft && stream.uniform() < 0.4) return target.craft(stream);
  return mutated({ samples: target.samples, tokens: target.tokens ?? [] }, stream);
}
