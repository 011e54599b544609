import { createHash, randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { PackedError, Warning } from '@ggdln/core';

/** How a task ended: what it gave or threw, what it warned of, and how long it took. */
export type Outcome = (
  | { readonly type: 'done'; readonly result: unknown }
  | { readonly type: 'failed'; readonly error: PackedError }
) & { readonly warnings: readonly Warning[]; readonly seconds: number };

const MAGIC = Buffer.from('GGDLNTASK1');
const HASH_BYTES = 32;

/** Writes an outcome by way of a file of another name, so that one that is there is whole unless the disk lies. */
export async function writeOutcome(path: string, outcome: Outcome): Promise<void> {
  const content = serialize(outcome);
  const temporary = join(dirname(path), `.unfinished-${randomUUID()}`);
  await writeFile(temporary, Buffer.concat([MAGIC, digest(content), content]));
  await rename(temporary, path);
}

/** The outcome in a file; `undefined` where there is none, or it is damaged: then it is computed again. */
export async function readOutcome(path: string): Promise<Outcome | undefined> {
  const file = await readFile(path).catch((error: { readonly code?: string }) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!file) return undefined;
  const content = file.subarray(MAGIC.length + HASH_BYTES);
  const hash = file.subarray(MAGIC.length, MAGIC.length + HASH_BYTES);
  if (!file.subarray(0, MAGIC.length).equals(MAGIC) || !digest(content).equals(hash)) return undefined;
  return deserialize(content) as Outcome;
}

function digest(content: Uint8Array): Buffer {
  return createHash('sha256').update(content).digest();
}
