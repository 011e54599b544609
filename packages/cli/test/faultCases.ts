import { readdirSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRandom } from '@ggdln/core';
import { newFolder, root } from './runCommand.ts';
import {
  type Disturbed,
  damage,
  differences,
  QUICK_POINTS,
  type Reference,
  runSweep,
  type SmallDisk,
  smallDisk,
  startSweep,
} from './sweepFaults.ts';

/** What a fault did: how often it happened, what else was seen, and which files then differed from the undisturbed run. */
export interface FaultReport {
  readonly faults: number;
  readonly seen: readonly string[];
  readonly differing: readonly string[];
}

const clock = pathToFileURL(join(root, 'packages/cli/test/jumpingClock.mjs')).href;

/** Damages files of a finished run, several at a time, and runs it again. */
export async function damagedFiles(
  sweep: Disturbed,
  reference: Reference,
  rounds: number,
  seed: number,
): Promise<FaultReport> {
  const rng = createRandom(seed).stream('damage');
  const folder = newFolder();
  await runSweep(sweep, folder, ['--jobs', '1']);
  const [seen, differing] = [[] as string[], [] as string[]];
  let faults = 0;
  for (let round = 0; round < rounds; round++) {
    const points = readdirSync(join(folder, 'points')).map((name) => join('points', name));
    const results = ['run.json', 'table.csv', 'arrays.npz'];
    const names = [...new Set([...Array.from({ length: 6 }, () => points[rng.integer(points.length)]), ...results])];
    for (const name of names) {
      seen.push(damage(join(folder, name), rng));
      faults += 1;
    }
    const { code, stderr } = await runSweep(sweep, folder, ['--jobs', '1']);
    if (code !== 0) throw new Error(`after damage the sweep ended with ${code}: ${stderr}`);
    seen.push(...stderr.split('\n').filter((line) => line.includes('It is computed again')));
    differing.push(...differences(folder, reference));
  }
  rmSync(folder, { recursive: true });
  return { faults, seen, differing };
}

/** Runs a sweep on file systems that are too small, then makes room. */
export async function fullDisk(
  sweep: Disturbed,
  reference: Reference,
  sizes: readonly string[],
): Promise<FaultReport | string> {
  const [seen, differing] = [[] as string[], [] as string[]];
  for (const size of sizes) {
    const disk = smallDisk(size);
    if (typeof disk === 'string') return disk;
    try {
      const folder = join(disk.folder, 'run');
      const { code, stderr } = await runSweep(sweep, folder, ['--jobs', '1']);
      seen.push(`${code} ${stderr}`);
      disk.remount('size=64m');
      await runSweep(sweep, folder, ['--jobs', '1']);
      differing.push(...differences(folder, reference));
    } finally {
      disk.unmount();
    }
  }
  return { faults: sizes.length, seen, differing };
}

/** Makes a folder read-only, before a sweep begins and while it runs, then writable again. */
export async function readOnly(
  sweep: Disturbed,
  reference: Reference,
  rounds: number,
  seed: number,
): Promise<FaultReport | string> {
  const rng = createRandom(seed).stream('read-only');
  const disk = smallDisk('64m');
  if (typeof disk === 'string') return disk;
  const seen: string[] = [];
  try {
    const folder = join(disk.folder, 'run');
    for (let round = 0; round < rounds; round++) {
      if (round === 0) disk.remount('ro');
      const { finished } = startSweep(sweep, folder, ['--jobs', '1']);
      const share = round === 0 ? 0 : 0.3 + 0.5 * rng.uniform();
      await new Promise((resolve) => setTimeout(resolve, share * reference.seconds * 1000));
      await remountReadOnly(disk);
      const { code, stderr } = await finished;
      seen.push(`${code} ${stderr}`);
      disk.remount('rw');
    }
    await runSweep(sweep, folder, ['--jobs', '1']);
    return { faults: rounds, seen, differing: differences(folder, reference) };
  } finally {
    disk.unmount();
  }
}

/** As soon as no file is being written. */
async function remountReadOnly(disk: SmallDisk): Promise<void> {
  for (;;) {
    try {
      disk.remount('ro');
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}

/** Runs a sweep with a clock that jumps, killed in between, on files from before and after all time. */
export async function jumpingClock(
  sweep: Disturbed,
  reference: Reference,
  rounds: number,
  seed: number,
): Promise<FaultReport> {
  const rng = createRandom(seed).stream('clock');
  const folder = newFolder();
  for (let round = 0; round < rounds; round++) {
    const { child, finished } = startSweep(sweep, folder, [], { env: { NODE_OPTIONS: `--import=${clock}` } });
    const timer = setTimeout(() => child.kill('SIGKILL'), (0.3 + 0.5 * rng.uniform()) * reference.seconds * 1000);
    await finished;
    clearTimeout(timer);
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const time = rng.uniform() < 0.5 ? 0 : 4e9;
      utimesSync(join(folder, name), time, time);
    }
  }
  const { code, stderr } = await runSweep(sweep, folder, [], { env: { NODE_OPTIONS: `--import=${clock}` } });
  const report = { faults: rounds, seen: [`${code} ${stderr}`], differing: differences(folder, reference) };
  rmSync(folder, { recursive: true });
  return report;
}

/**
 * Kills a sweep and starts several at once on its folder, whose lock a dead process has; all wait for each other.
 * `seen` is how many points the killed one left, then how many each of the others computed.
 */
export async function severalAtOnce(sweep: Disturbed, reference: Reference, sweeps: number): Promise<FaultReport> {
  const folder = newFolder();
  await runSweep(sweep, folder, ['--jobs', '1'], { at: `${QUICK_POINTS / 2}/${QUICK_POINTS}` });
  const left = readdirSync(join(folder, 'points')).filter((name) => /^[0-9a-f]{24}\.json$/.test(name)).length;
  const flags = ['--wait', '--json', '--jobs', '1'];
  const all = await Promise.all(Array.from({ length: sweeps }, () => runSweep(sweep, folder, flags)));
  const computed = all.map(({ code, stdout, stderr }) => {
    if (code !== 0) throw new Error(`one of several sweeps ended with ${code}: ${stderr}`);
    return (JSON.parse(stdout) as { counts: { computed: number } }).counts.computed;
  });
  const report = { faults: sweeps, seen: [left, ...computed].map(String), differing: differences(folder, reference) };
  rmSync(folder, { recursive: true });
  return report;
}
