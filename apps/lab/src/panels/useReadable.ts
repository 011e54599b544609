import type { Readable } from '@ggdln/core';
import { useEffect, useState } from 'preact/hooks';

/** What `select` gives of a readable; the component renders again when that changes. It has to be cheap. */
export function useReadable<Value, Part>(readable: Readable<Value>, select: (value: Value) => Part): Part {
  const [part, setPart] = useState(() => select(readable.get()));
  useEffect(() => {
    const update = () => setPart(() => select(readable.get()));
    update();
    return readable.subscribe(update);
  }, [readable, select]);
  return part;
}
