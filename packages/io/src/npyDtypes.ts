/** The typed array behind each element type. `bool` is one byte, 0 or 1. */
export interface NpyData {
  readonly float64: Float64Array;
  readonly float32: Float32Array;
  readonly int32: Int32Array;
  readonly int64: BigInt64Array;
  readonly uint8: Uint8Array;
  readonly bool: Uint8Array;
}

/** Element types that are read and written, by their NumPy names. */
export type NpyDtype = keyof NpyData;

/** An n-dimensional array in C order: the last index runs fastest. `shape` is empty for a single number. */
export type NpyArray = {
  readonly [Dtype in NpyDtype]: {
    readonly dtype: Dtype;
    readonly shape: readonly number[];
    readonly data: NpyData[Dtype];
  };
}[NpyDtype];

interface DtypeInfo {
  /** NumPy's code without the byte order. */
  readonly code: string;
  /** Bytes an element. */
  readonly size: number;
  readonly array: new (buffer: ArrayBuffer) => NpyData[NpyDtype];
}

export const DTYPES: Readonly<Record<NpyDtype, DtypeInfo>> = {
  float64: { code: 'f8', size: 8, array: Float64Array },
  float32: { code: 'f4', size: 4, array: Float32Array },
  int32: { code: 'i4', size: 4, array: Int32Array },
  int64: { code: 'i8', size: 8, array: BigInt64Array },
  uint8: { code: 'u1', size: 1, array: Uint8Array },
  bool: { code: 'b1', size: 1, array: Uint8Array },
};

/** The element type of a NumPy code such as `f8`. */
export function dtypeOfCode(code: string): NpyDtype | undefined {
  return (Object.keys(DTYPES) as NpyDtype[]).find((dtype) => DTYPES[dtype].code === code);
}
