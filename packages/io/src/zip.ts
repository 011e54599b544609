import { inflateSync } from 'fflate';
import { crc32 } from './crc32.ts';
import { damaged, hex, type ReadOptions, requireWithinLimit } from './readOptions.ts';

const where = '@ggdln/io decodeNpz';
const END = { signature: 0x06054b50, size: 22, maxComment: 0xffff };
const CENTRAL = { signature: 0x02014b50, size: 46 };
const LOCAL = { signature: 0x04034b50, size: 30 };
/** DEFLATE can't expand by more than this factor (RFC 1951: 258 bytes from 2 bits). */
const MAX_EXPANSION = 1032;

/** One file in an archive, as its central directory declares it. */
interface Entry {
  readonly path: string;
  readonly deflated: boolean;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Offset of its local header. */
  readonly local: number;
  /** Offset of its record in the central directory. */
  readonly at: number;
}

interface Archive {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly name: string;
  /** Where the central directory begins; files end before it. */
  readonly directory: number;
}

/**
 * The files of a ZIP archive by path, each checked against its length and CRC-32.
 * @throws GGDLN_DATA for anything damaged, encrypted or beyond 4 GiB (ZIP64); the declared sizes are checked together
 * before anything is unpacked.
 */
export function readZip(bytes: Uint8Array, options: ReadOptions): Map<string, Uint8Array> {
  const { name = 'the data' } = options;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { directory, count, end } = findDirectory(bytes, view, name);
  const archive = { bytes, view, name, directory };
  const entries = readDirectory(archive, count, end);
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  requireWithinLimit(where, name, directory, total, options);
  const files = new Map<string, Uint8Array>();
  for (const entry of entries) {
    if (files.has(entry.path)) {
      throw damaged(where, name, { at: entry.at, expected: 'every path once', got: `"${entry.path}" twice` });
    }
    files.set(entry.path, unpack(archive, entry));
  }
  return files;
}

function findDirectory(
  bytes: Uint8Array,
  view: DataView,
  name: string,
): { directory: number; count: number; end: number } {
  const first = Math.max(0, bytes.length - END.size - END.maxComment);
  let end = bytes.length - END.size;
  while (end >= first && view.getUint32(end, true) !== END.signature) end--;
  if (end < first) {
    throw damaged(where, name, { at: bytes.length, expected: 'the end record of a ZIP archive', got: 'none' });
  }
  const count = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  const directory = view.getUint32(end + 16, true);
  if (directory + size !== end) {
    const got =
      directory === 0xffffffff ? 'a ZIP64 archive, which is not read' : `${size} bytes from byte ${directory}`;
    throw damaged(where, name, { at: end + 12, expected: `a central directory that ends at byte ${end}`, got });
  }
  return { directory, count, end };
}

function readDirectory(archive: Archive, count: number, end: number): Entry[] {
  const { bytes, view, name } = archive;
  const entries: Entry[] = [];
  let at = archive.directory;
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL.size > end || view.getUint32(at, true) !== CENTRAL.signature) {
      const got = hex(bytes.subarray(at, at + 4));
      throw damaged(where, name, { at, expected: `the directory record of file ${i} of ${count}`, got });
    }
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    if ((flags & 1) !== 0 || (method !== 0 && method !== 8)) {
      const got = flags & 1 ? 'an encrypted file' : `compression method ${method}`;
      throw damaged(where, name, { at: at + 8, expected: 'a stored or deflated file', got });
    }
    const length = view.getUint16(at + 28, true);
    const next = at + CENTRAL.size + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end)
      throw damaged(where, name, { at, expected: `a record that ends by byte ${end}`, got: `one to ${next}` });
    entries.push({
      path: new TextDecoder().decode(bytes.subarray(at + CENTRAL.size, at + CENTRAL.size + length)),
      deflated: method === 8,
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      local: view.getUint32(at + 42, true),
      at,
    });
    at = next;
  }
  if (at !== end)
    throw damaged(where, name, {
      at,
      expected: `the end of the directory after ${count} files`,
      got: `${end - at} more bytes`,
    });
  return entries;
}

function unpack(archive: Archive, entry: Entry): Uint8Array {
  const { bytes, name } = archive;
  const start = dataStart(archive, entry);
  const packed = bytes.subarray(start, start + entry.packed);
  const possible = entry.deflated ? entry.size <= entry.packed * MAX_EXPANSION : entry.size === entry.packed;
  if (!possible) {
    const got = `${entry.size} bytes from ${entry.packed}`;
    throw damaged(where, `${name} (${entry.path})`, { at: entry.at + 20, expected: 'sizes that can be true', got });
  }
  const data = entry.deflated ? inflate(packed, entry, start, name) : packed;
  const crc = crc32(data);
  if (data.length === entry.size && crc === entry.crc) return data;
  const [expected, got] = [entry, { size: data.length, crc }].map(
    (it) => `${it.size} bytes with CRC-32 ${it.crc.toString(16)}`,
  );
  throw damaged(where, `${name} (${entry.path})`, { at: start, expected, got });
}

function dataStart({ bytes, view, name, directory }: Archive, entry: Entry): number {
  const { local } = entry;
  if (local + LOCAL.size > directory || view.getUint32(local, true) !== LOCAL.signature) {
    throw damaged(where, name, {
      at: local,
      expected: `the local header of "${entry.path}"`,
      got: hex(bytes.subarray(local, local + 4)),
    });
  }
  const start = local + LOCAL.size + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (start + entry.packed > directory) {
    const got = `room for ${directory - start}`;
    throw damaged(where, name, { at: start, expected: `${entry.packed} bytes of "${entry.path}"`, got });
  }
  return start;
}

function inflate(packed: Uint8Array, entry: Entry, start: number, name: string): Uint8Array {
  try {
    return inflateSync(packed, { out: new Uint8Array(entry.size) });
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    throw damaged(where, `${name} (${entry.path})`, { at: start, expected: 'a DEFLATE stream', got, cause });
  }
}
