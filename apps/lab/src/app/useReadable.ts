import type { Readable } from '@ggdln/core';
import { useEffect, useState } from 'preact/hooks';

/** The value of a `Readable`; the component is drawn again when it changes. */
export function useReadable<Value>(readable: Readable<Value>): Value {
  const [value, setValue] = useState(() => readable.get());
  useEffect(() => {
    const update = () => setValue(() => readable.get());
    update();
    return readable.subscribe(update);
  }, [readable]);
  return value;
}
