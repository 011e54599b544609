import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom, type RandomStream } from '@ggdln/core';
import { type Disturbance, type Finished, newFolder, type Started, start } from './runCommand.ts';

/** A sweep that is disturbed: its file and flags. */
export interface Disturbed {
  readonly file: string;
  readonly flags: readonly string[];
}

/** Points of {@link quickSweep}. */
export const QUICK_POINTS = 20;

/** Points that take a second or two together. */
export const quickSweep: Disturbed = {
  file: 'examples/sweeps/smoke.yaml',
  flags: ['--set', 'learners.block-gibbs.sweeps=20', '--set', 'sweep.replicates=1'],
};

/** Starts `ggdln sweep` on the built command, as a user would. */
export function startSweep(
  { file, flags }: Disturbed,
  folder: string,
  more: readonly string[] = [],
  disturbance: Disturbance = {},
): Started {
  return start(['sweep', file, ...flags, '--out', folder, ...more], disturbance);
}

/** Runs a sweep to its end. */
export function runSweep(...args: Parameters<typeof startSweep>): Promise<Finished> {
  return startSweep(...args).finished;
}

/** What an undisturbed run left, and how long it took. */
export interface Reference {
  readonly sums: ReadonlyMap<string, string>;
  readonly seconds: number;
}

/** Runs a sweep undisturbed. */
export async function referenceOf(sweep: Disturbed): Promise<Reference> {
  const folder = newFolder();
  const started = performance.now();
  const { code, stderr } = await runSweep(sweep, folder, ['--jobs', '1']);
  if (code !== 0) throw new Error(`the undisturbed sweep ended with ${code}: ${stderr}`);
  const seconds = (performance.now() - started) / 1000;
  const sums = sumsOf(folder);
  rmSync(folder, { recursive: true });
  return { sums, seconds };
}

/** Checksums of all files of a run, by name: results, figures and stored points. */
function sumsOf(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  return new Map(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );
}

/** Names of files that differ from the reference, are missing, or too many. */
export function differences(folder: string, { sums }: Reference): string[] {
  const found = sumsOf(folder);
  return [...new Set([...sums.keys(), ...found.keys()])].filter((name) => sums.get(name) !== found.get(name));
}

/** What a loop of kills did. */
export interface KillCount {
  readonly kills: number;
  /** Sweeps that came to their end, each compared with the reference. */
  readonly ends: number;
  /** Kills after which points were there that the next start went on from. */
  readonly resumed: number;
  readonly differing: readonly string[];
}

/**
 * Starts a sweep again and again in one folder and kills it with SIGKILL at random moments, until it has been killed
 * often enough; compares what it leaves each time that it ends.
 * @param seed Of the moments.
 */
export async function killLoop(
  sweep: Disturbed,
  reference: Reference,
  kills: number,
  seed: number,
): Promise<KillCount> {
  const rng = createRandom(seed).stream('kills');
  const count = { kills: 0, ends: 0, resumed: 0, differing: [] as string[] };
  let folder = newFolder();
  for (let start = 0; ; start++) {
    const stored = storedIn(folder);
    // The last one is left alone.
    const left = count.kills >= kills;
    const { child, finished } = startSweep(sweep, folder, ['--jobs', start % 2 === 0 ? '1' : '2']);
    const timer = left ? undefined : setTimeout(() => child.kill('SIGKILL'), rng.uniform() * reference.seconds * 1000);
    const { code, stderr } = await finished;
    clearTimeout(timer);
    if (code === null) {
      count.kills += 1;
      if (stored > 0) count.resumed += 1;
      continue;
    }
    if (code !== 0) throw new Error(`a sweep that was not killed ended with ${code}: ${stderr}`);
    count.ends += 1;
    count.differing.push(...differences(folder, reference));
    rmSync(folder, { recursive: true });
    folder = newFolder();
    if (left) return count;
  }
}

function storedIn(folder: string): number {
  return existsSync(join(folder, 'points')) ? readdirSync(join(folder, 'points')).length : 0;
}

/** Damages a file: flips a bit, cuts it off, empties it, or fills it with zeros. */
export function damage(path: string, rng: RandomStream): string {
  const bytes = readFileSync(path);
  const kind = ['flipped', 'truncated', 'emptied', 'zeroed'][rng.integer(4)];
  if (kind === 'flipped') bytes[rng.integer(bytes.length)] ^= 1 << rng.integer(8);
  if (kind === 'zeroed') bytes.fill(0);
  const length = kind === 'truncated' ? rng.integer(bytes.length) : kind === 'emptied' ? 0 : bytes.length;
  writeFileSync(path, bytes.subarray(0, length));
  return kind;
}

/** A small file system of its own. */
export interface SmallDisk {
  readonly folder: string;
  /** Mounts it again with other options, e.g. `size=10m` or `ro`. */
  remount(options: string): void;
  unmount(): void;
}

/** A tmpfs of some size, or why there can be none here (it takes root and the right to mount). */
export function smallDisk(size: string): SmallDisk | string {
  const folder = join(newFolder(), 'disk');
  mkdirSync(folder);
  const mount = (options: string) =>
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'pipe' });
  try {
    mount(`size=${size}`);
  } catch (error) {
    return `no tmpfs can be mounted here: ${(error as Error).message.trim()}`;
  }
  return {
    folder,
    remount: (options) => void execFileSync('mount', ['-o', `remount,${options}`, folder], { stdio: 'pipe' }),
    unmount: () => void execFileSync('umount', ['-l', folder], { stdio: 'pipe' }),
  };
}
