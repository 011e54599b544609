export { type CifarImages, decodeCifar } from './cifar.ts';
export { type CsvOptions, decodeCsv, encodeCsv } from './csv.ts';
export { decodeIdx, type IdxArray, type IdxDtype } from './idx.ts';
export { decodeNpy, encodeNpy } from './npy.ts';
export type { NpyArray, NpyData, NpyDtype } from './npyDtypes.ts';
export { decodeNpz, type EncodeNpzOptions, encodeNpz } from './npz.ts';
export { DEFAULT_MAX_BYTES, type ReadOptions } from './readOptions.ts';
