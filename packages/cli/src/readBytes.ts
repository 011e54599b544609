import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { GgdlnError } from '@ggdln/core';

/** The bytes of a file that was named on the command line. @throws GGDLN_DATA when it can't be read. */
export function readBytes(path: string, cwd: string, where: string): Uint8Array {
  try {
    return readFileSync(resolve(cwd, path));
  } catch (cause) {
    throw new GgdlnError({
      code: 'GGDLN_DATA',
      where,
      problem: `${path} can't be read: ${(cause as Error).message}`,
      cause,
    });
  }
}
