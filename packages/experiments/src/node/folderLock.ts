import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { GgdlnError, throwIfCancelled } from '@ggdln/core';
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

/** What to do when another process has the folder. */
export interface WaitOptions {
  /** Wait until it is free, instead of refusing. */
  readonly wait?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Hears once who is waited for. */
  readonly onWait?: (message: string) => void;
}

const FILE = 'run.lock';
const POLL_MS = 200;

/**
 * Takes a folder for this process alone. The lock of a process that no longer runs (killed, or from before a restart)
 * is taken over. No clock is asked: a process is known by its number and the tick since boot at which it started.
 * @throws GGDLN_STORAGE naming the process that holds it; GGDLN_CANCELLED while waiting.
 */
export async function lockFolder(folder: string, options: WaitOptions = {}): Promise<FolderLock> {
  const path = join(folder, FILE);
  const me: LockOwner = { pid: process.pid, host: hostname(), started: await startOf(process.pid) };
  const text = `${JSON.stringify({ ...me, key: randomUUID() })}\n`;
  let told = false;
  for (let unreadable = 0; unreadable < 100; ) {
    if (await create(path, text, folder)) {
      await removeLeftovers(folder);
      return { release: () => release(path, text) };
    }
    const held = await readIfThere(path);
    if (held === undefined) {
      unreadable += 1;
      continue;
    }
    const owner = parseOwner(held);
    if (!owner || !(await isAlive(owner))) {
      await removeStale(path, held, text, folder);
      continue;
    }
    if (!options.wait) throw inUse(folder, path, owner);
    if (!told) options.onWait?.(`Waiting for ${nameOf(owner)}, which uses ${folder}`);
    told = true;
    throwIfCancelled(options.signal, '@ggdln/experiments/node');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw storageError(
    folder,
    `the lock ${FILE} can't be taken`,
    new Error('it is there, but not a file that can be read'),
  );
}

/** Makes a file that appears with its content at once, so that nobody takes one being written for a stale one. */
async function create(path: string, text: string, folder: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, text);
    await link(draft, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Another process may have cleared the draft away, see removeLeftovers; the caller tries again.
    if (code === 'EEXIST' || (code === 'ENOENT' && existsSync(folder))) return false;
    throw storageError(folder, `the lock ${FILE} can't be written`, error);
  } finally {
    await rm(draft, { force: true }).catch(() => {});
  }
}

/**
 * Deletes the lock of a dead process. Of several processes that find it, one gets the right to: the file named after
 * its content can be made only once, and whoever holds it looks again before deleting. So no fresh lock is deleted.
 */
async function removeStale(path: string, stale: string, text: string, folder: string): Promise<void> {
  const right = `${path}.${createHash('sha256').update(stale).digest('hex').slice(0, 16)}`;
  if (!(await create(right, text, folder))) {
    const holder = await readIfThere(right);
    const owner = holder === undefined ? undefined : parseOwner(holder);
    if (holder !== undefined && !(owner && (await isAlive(owner)))) await removeStale(right, holder, text, folder);
    else await new Promise((resolve) => setTimeout(resolve, 5));
    return;
  }
  try {
    if ((await readIfThere(path)) === stale) await rm(path, { force: true });
  } finally {
    await rm(right, { force: true }).catch(() => {});
  }
}

/** Clears away what processes left that were killed while they took the lock. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(`${FILE}.`)) continue;
    const owner = parseOwner((await readIfThere(join(folder, name))) ?? '');
    if (!owner || !(await isAlive(owner))) await rm(join(folder, name), { force: true }).catch(() => {});
  }
}

async function release(path: string, text: string): Promise<void> {
  if ((await readIfThere(path)) === text) await rm(path, { force: true });
}

/** Is a process alive that has the folder? Looks only. @returns Who, for people. */
export async function holderOf(folder: string): Promise<string | undefined> {
  const owner = parseOwner((await readIfThere(join(folder, FILE))) ?? '');
  return owner && (await isAlive(owner)) ? nameOf(owner) : undefined;
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
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
  const [state] = await statOf(owner.pid);
  // A killed process whose parent never asks for its end keeps its number.
  if (state === 'Z' || state === 'X') return false;
  const started = await startOf(owner.pid);
  return started === '' || owner.started === '' || started === owner.started;
}

/** When a process started, in the system's own units since boot, with the boot's id; empty where it can't be told. */
async function startOf(pid: number): Promise<string> {
  const start = (await statOf(pid))[19];
  const boot = await readIfThere('/proc/sys/kernel/random/boot_id');
  return start === undefined || boot === undefined ? '' : `${boot.trim()}/${start}`;
}

/** What Linux says of a process, from its state on: the command's name before it is in brackets and may hold spaces. */
async function statOf(pid: number): Promise<readonly string[]> {
  const stat = await readIfThere(`/proc/${pid}/stat`);
  return stat === undefined ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function nameOf({ pid, host }: LockOwner): string {
  return `process ${pid}${host === hostname() ? '' : ` on ${host}`}`;
}

function inUse(folder: string, path: string, owner: LockOwner): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_STORAGE',
    where: '@ggdln/experiments/node',
    problem: `${folder} is in use by ${nameOf(owner)}`,
    remedy: `Wait for it, stop it, or give another folder. If it no longer runs, delete ${path}`,
  });
}
