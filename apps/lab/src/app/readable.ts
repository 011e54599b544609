import type { Readable, Writable } from '@ggdln/core';
import type { ReadonlySignal, Signal } from '@preact/signals';

/** A signal as the framework-neutral value of the panel contract. */
export function readableOf<Value>(source: ReadonlySignal<Value>): Readable<Value> {
  return {
    get: () => source.peek(),
    subscribe(listener) {
      let first = true;
      return source.subscribe(() => {
        if (!first) listener();
        first = false;
      });
    },
  };
}

/** The same for a signal that may be set. */
export function writableOf<Value>(source: Signal<Value>): Writable<Value> {
  return {
    ...readableOf(source),
    set(value) {
      source.value = value;
    },
  };
}
