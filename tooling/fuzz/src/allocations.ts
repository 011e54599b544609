const METERED = [
  'ArrayBuffer',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int8Array',
  'Uint16Array',
  'Int16Array',
  'Uint32Array',
  'Int32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
] as const;

let allocated = 0;

/** Counts the bytes of every typed array and buffer that is made by its constructor from now on. */
export function meterAllocations(): void {
  for (const name of METERED) {
    const original = globalThis[name] as unknown as new (...args: unknown[]) => { readonly byteLength: number };
    const metered = new Proxy(original, {
      construct(target, args, newTarget) {
        // What is declared counts, also where the engine then can't provide it.
        if (typeof args[0] === 'number') allocated += args[0] * bytesEach(target);
        const made = Reflect.construct(target, args, newTarget) as { readonly byteLength: number };
        if (typeof args[0] !== 'number' && !isView(args[0])) allocated += made.byteLength;
        return made;
      },
    });
    Object.defineProperty(globalThis, name, { value: metered, writable: true, configurable: true });
  }
}

/** Bytes allocated since the last call. */
export function takeAllocated(): number {
  const bytes = allocated;
  allocated = 0;
  return bytes;
}

function bytesEach(kind: object): number {
  return (kind as { readonly BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
}

/** A buffer as argument is looked at, not copied. */
function isView(argument: unknown): boolean {
  return Object.prototype.toString.call(argument) === '[object ArrayBuffer]';
}
