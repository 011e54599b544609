import { GgdlnError } from '@ggdln/core';

const BLOCK = 512;

/**
 * The regular files of an uncompressed tar archive as npm makes them (ustar; names of up to 255 characters).
 * @param name What the archive is called in messages.
 * @throws GGDLN_DATA naming the byte for a damaged archive.
 */
export function tarFiles(bytes: Uint8Array, name: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let at = 0;
  while (at + BLOCK <= bytes.length && bytes[at] !== 0) {
    const header = bytes.subarray(at, at + BLOCK);
    const size = Number.parseInt(field(header, 124, 12), 8);
    const start = at + BLOCK;
    if (field(header, 257, 5) !== 'ustar' || !(size >= 0) || start + size > bytes.length) {
      throw new GgdlnError({
        code: 'GGDLN_DATA',
        where: '@ggdln/datasets tar',
        problem: `${name}, byte ${at}: expected a file of the archive, got a damaged header or a size of ${size} of ${bytes.length - start} bytes left`,
        remedy: 'The archive is truncated or corrupt; fetch it again',
      });
    }
    const prefix = field(header, 345, 155);
    const path = `${prefix === '' ? '' : `${prefix}/`}${field(header, 0, 100)}`;
    const type = header[156];
    if (type === 0 || type === 0x30) files.set(path, bytes.subarray(start, start + size));
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

/** Text up to the first zero byte. */
function field(header: Uint8Array, at: number, length: number): string {
  const raw = header.subarray(at, at + length);
  const end = raw.indexOf(0);
  return new TextDecoder().decode(end < 0 ? raw : raw.subarray(0, end)).trim();
}
