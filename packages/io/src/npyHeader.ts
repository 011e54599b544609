import { countEntries } from './elements.ts';
import { DTYPES, dtypeOfCode, type NpyDtype } from './npyDtypes.ts';
import { damaged, hex } from './readOptions.ts';

const where = '@ggdln/io decodeNpy';
/** `\x93NUMPY` */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Longer headers exist only for structured types, which are not read. */
const MAX_HEADER = 65535;
/** What NumPy itself allows. */
export const MAX_DIMENSIONS = 64;
/** NumPy leaves this many places for the growing axis, so that files can be extended in place. */
const GROWTH_PLACES = 21;
const ALIGN = 64;

export interface NpyHeader {
  readonly dtype: NpyDtype;
  readonly littleEndian: boolean;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the elements begin. */
  readonly dataOffset: number;
}

/** The header text and where it begins; nothing is allocated from declared sizes. */
function headerText(bytes: Uint8Array, name: string): { text: string; at: number; end: number } {
  const magic = bytes.subarray(0, MAGIC.length);
  if (magic.length < MAGIC.length || MAGIC.some((byte, i) => byte !== magic[i])) {
    throw damaged(where, name, {
      at: 0,
      expected: `the NPY signature ${hex(Uint8Array.from(MAGIC))}`,
      got: hex(magic),
    });
  }
  const version = bytes[6];
  if (version !== 1 && version !== 2 && version !== 3) {
    const got = version === undefined ? 'the end' : `version ${version}`;
    throw damaged(where, name, { at: 6, expected: 'NPY version 1, 2 or 3', got });
  }
  const at = version === 1 ? 10 : 12;
  if (bytes.length < at) {
    throw damaged(where, name, {
      at: 8,
      expected: 'the length of the header',
      got: `the end after ${bytes.length} bytes`,
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER) {
    throw damaged(where, name, { at: 8, expected: `a header of at most ${MAX_HEADER} bytes`, got: `${length} bytes` });
  }
  const end = at + length;
  if (end > bytes.length) {
    const got = `the end after ${bytes.length - at} of them`;
    throw damaged(where, name, { at: bytes.length, expected: `a header of ${length} bytes`, got });
  }
  return { text: new TextDecoder().decode(bytes.subarray(at, end)), at, end };
}

const FIELD =
  /\s*(['"])(?<key>\w+)\1\s*:\s*(?:(['"])(?<text>[^'"]*)\3|(?<flag>True|False)|\((?<tuple>[\dL,\s]*)\)|(?<other>\[[^\]]*\]?))\s*(?:,|(?=\}))/y;

/** The fields of `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`. Only this grammar; nothing is run. */
function parseFields(text: string, at: number, name: string): Map<string, string> {
  const fields = new Map<string, string>();
  const open = text.indexOf('{');
  let place = open + 1;
  while (open >= 0) {
    FIELD.lastIndex = place;
    const groups = FIELD.exec(text)?.groups;
    if (!groups) break;
    fields.set(groups.key, groups.text ?? groups.flag ?? groups.tuple ?? groups.other);
    place = FIELD.lastIndex;
  }
  if (open < 0 || text.slice(0, open).trim() !== '' || text.slice(place).trim() !== '}') {
    const got = JSON.stringify(text.slice(place, place + 40).trim());
    throw damaged(where, name, { at: at + place, expected: 'a field of the NPY header or its closing }', got });
  }
  return fields;
}

function parseDescr(descr: string, at: number, name: string): { dtype: NpyDtype; littleEndian: boolean } {
  const dtype = dtypeOfCode(descr.replace(/^[<>|=]/, ''));
  const remedy = descr.includes('O')
    ? 'Python objects are never read; convert the array to numbers before saving'
    : "Convert it before saving, e.g. with a.astype('float64')";
  if (!dtype) {
    const known = Object.values(DTYPES).map(({ code }) => code);
    throw damaged(where, name, { at, expected: `an element type of ${known.join(', ')}`, got: descr, remedy });
  }
  return { dtype, littleEndian: !descr.startsWith('>') };
}

function parseShape(tuple: string, at: number, name: string): number[] {
  const parts = tuple.split(',').map((part) => part.trim());
  if (parts.at(-1) === '') parts.pop();
  const shape = parts.map((part) => (/^\d+L?$/.test(part) ? Number.parseInt(part, 10) : Number.NaN));
  if (!shape.every(Number.isSafeInteger) || shape.length > MAX_DIMENSIONS) {
    throw damaged(where, name, { at, expected: `at most ${MAX_DIMENSIONS} whole numbers as shape`, got: `(${tuple})` });
  }
  return shape;
}

/** Reads and checks the header of an NPY file. */
export function readHeader(bytes: Uint8Array, name: string): NpyHeader {
  const { text, at, end } = headerText(bytes, name);
  const fields = parseFields(text, at, name);
  const [descr, order, tuple] = ['descr', 'fortran_order', 'shape'].map((key) => {
    const value = fields.get(key);
    if (value === undefined) {
      throw damaged(where, name, {
        at,
        expected: `the field '${key}' in the header`,
        got: [...fields.keys()].join(', ') || 'none',
      });
    }
    return value;
  });
  if (order !== 'True' && order !== 'False') {
    throw damaged(where, name, { at, expected: 'fortran_order True or False', got: order });
  }
  const shape = parseShape(tuple, at, name);
  return { ...parseDescr(descr, at, name), fortran: order === 'True', shape, dataOffset: end };
}

/** The bytes before the elements in version 1, exactly as NumPy 2 writes them. */
export function writeHeader(dtype: NpyDtype, shape: readonly number[]): Uint8Array {
  const { code, size } = DTYPES[dtype];
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const growth = shape.length === 0 ? '' : ' '.repeat(GROWTH_PLACES - String(shape[0]).length);
  const text = `{'descr': '${size === 1 ? '|' : '<'}${code}', 'fortran_order': False, 'shape': (${tuple}), }${growth}`;
  const unpadded = MAGIC.length + 4 + text.length + 1;
  const padding = ALIGN - (unpadded % ALIGN);
  const out = new Uint8Array(unpadded + padding);
  out.set([...MAGIC, 1, 0]);
  new DataView(out.buffer).setUint16(8, text.length + padding + 1, true);
  out.set(new TextEncoder().encode(`${text}${' '.repeat(padding)}\n`), 10);
  return out;
}

/** Bytes that the elements of a header take. Not a safe integer when the shape overflows. */
export function dataBytes(header: Pick<NpyHeader, 'dtype' | 'shape'>): number {
  return countEntries(header.shape) * DTYPES[header.dtype].size;
}
