import type { ProductCache } from '@ggdln/core';

/** The value under `key` if it was made from these very arrays; makes and keeps it otherwise. */
export function cached<Value>(
  cache: ProductCache | undefined,
  key: string,
  from: readonly unknown[],
  make: () => Value,
): Value {
  const kept = cache?.get(key);
  if (kept && kept.from.length === from.length && kept.from.every((part, i) => part === from[i])) {
    return kept.value as Value;
  }
  const value = make();
  cache?.set(key, { from, value });
  return value;
}
