import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { GgdlnError } from '@ggdln/core';
import { storageError } from './storageError.ts';

/** Who holds a folder. `started` tells a process from a later one that was given the same number. */
interface LockOwner {
  readonly pid: number;
  readonly host: string;
  readonly started: string;
}

/** A held lock. */
export interface FolderLock {
  release(): Promise<void>;
}

const FILE = 'run.lock';

/**
 * Takes a folder for this process alone. The lock of a process that no longer runs (killed, or from before a
 * restart) is taken over.
 * @throws GGDLN_STORAGE naming the process that holds it.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, FILE);
  const me: LockOwner = { pid: process.pid, host: hostname(), started: await startOf(process.pid) };
  const text = `${JSON.stringify(me)}\n`;
  for (let attempt = 0; attempt < 5; attempt++) {
    if (await tryCreate(path, text, folder)) return { release: () => release(path, text) };
    const held = await readFile(path, 'utf8').catch(() => undefined);
    if (held === undefined) continue;
    const owner = parseOwner(held);
    if (owner && (await isAlive(owner))) throw inUse(folder, path, owner);
    await removeStale(path, held);
  }
  throw storageError(folder, `the lock ${FILE} can't be taken`, new Error('other processes keep taking it'));
}

/** The lock appears with its content at once, so that nobody takes a lock being written for a stale one. */
async function tryCreate(path: string, text: string, folder: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, text);
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw storageError(folder, `the lock ${FILE} can't be written`, error);
  } finally {
    await rm(draft, { force: true }).catch(() => {});
  }
}

/** Moves a stale lock away before deleting it, and puts it back if it turned out to be a fresh one. */
async function removeStale(path: string, stale: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const moved = await readFile(aside, 'utf8').catch(() => stale);
  if (moved !== stale) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
}

async function release(path: string, text: string): Promise<void> {
  const held = await readFile(path, 'utf8').catch(() => undefined);
  if (held === text) await rm(path, { force: true });
}

/** `undefined` for a lock that was being written when its process died. */
function parseOwner(text: string): LockOwner | undefined {
  try {
    const { pid, host, started } = JSON.parse(text) as Partial<LockOwner>;
    if (typeof pid === 'number' && typeof host === 'string' && typeof started === 'string')
      return { pid, host, started };
  } catch {
    // Falls through: not a lock that anyone holds.
  }
  return undefined;
}

/** Processes of other machines can't be asked, so they count as alive. */
async function isAlive(owner: LockOwner): Promise<boolean> {
  if (owner.host !== hostname()) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const started = await startOf(owner.pid);
  return started === '' || owner.started === '' || started === owner.started;
}

/** When a process started, in the system's own units since boot, with the boot's id; empty where it can't be told. */
async function startOf(pid: number): Promise<string> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ]);
    // The command's name is in brackets and may hold spaces; the 20th field after it is the start.
    return `${boot.trim()}/${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return '';
  }
}

function inUse(folder: string, path: string, owner: LockOwner): GgdlnError {
  const who = `process ${owner.pid}${owner.host === hostname() ? '' : ` on ${owner.host}`}`;
  return new GgdlnError({
    code: 'GGDLN_STORAGE',
    where: '@ggdln/experiments/node',
    problem: `${folder} is in use by ${who}`,
    remedy: `Wait for it, stop it, or give another folder. If it no longer runs, delete ${path}`,
  });
}
