/** True where typed arrays store the low byte first (every platform in use; checked all the same). */
const HOST_LITTLE_ENDIAN: boolean = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Entries of an array of that shape; 1 for a scalar's empty shape. Not a safe integer when it overflows. */
export function countEntries(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** How elements lie in a file. */
interface Layout {
  /** Bytes an element. */
  readonly size: number;
  readonly littleEndian: boolean;
  /** First index fastest (Fortran) instead of last (C). */
  readonly fortranShape?: readonly number[];
}

/** A fresh buffer with the elements in C order and the byte order of this machine (or back). */
export function rearrange(bytes: Uint8Array, layout: Layout): ArrayBuffer {
  const { size, littleEndian, fortranShape } = layout;
  const swap = size > 1 && littleEndian !== HOST_LITTLE_ENDIAN;
  const out = new Uint8Array(bytes.length);
  if (!swap && !fortranShape) {
    out.set(bytes);
    return out.buffer;
  }
  const place = fortranShape ? fortranPlaces(fortranShape) : (index: number) => index;
  const count = bytes.length / size;
  for (let i = 0; i < count; i++) {
    const from = place(i) * size;
    for (let k = 0; k < size; k++) out[i * size + k] = bytes[from + (swap ? size - 1 - k : k)];
  }
  return out.buffer;
}

/** Where the element of C-order index i lies in Fortran order; to be called with i = 0, 1, 2, … */
function fortranPlaces(shape: readonly number[]): () => number {
  const strides = shape.map((_, axis) => countEntries(shape.slice(0, axis)));
  const index = shape.map(() => 0);
  let next = 0;
  return () => {
    const here = next;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]++;
      next += strides[axis];
      if (index[axis] < shape[axis]) break;
      next -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
    return here;
  };
}
