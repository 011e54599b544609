import { beforeAll, describe, expect, it } from 'vitest';
import { damagedFiles, type FaultReport, fullDisk, jumpingClock, readOnly, severalAtOnce } from './faultCases.ts';
import { newFolder } from './runCommand.ts';
import {
  killLoop,
  QUICK_POINTS,
  quickSweep,
  type Reference,
  referenceOf,
  runSweep,
  startSweep,
} from './sweepFaults.ts';

// The short version; sweepFaults.nightly.test.ts does the same many times.
describe('a sweep that is disturbed loses nothing', () => {
  let reference: Reference;
  beforeAll(async () => {
    reference = await referenceOf(quickSweep);
  });

  it('by kill -9 at random moments', async () => {
    const { kills, differing } = await killLoop(quickSweep, reference, 6, 1);
    expect(kills).toBe(6);
    expect(differing).toEqual([]);
  });

  it('by files that are cut off, emptied, zeroed, or have a bit flipped', async () => {
    const { faults, seen, differing } = await damagedFiles(quickSweep, reference, 2, 2);
    expect(faults).toBeGreaterThan(12);
    expect(seen.join('\n')).toMatch(/Warning.*can't be used.*It is computed again/);
    expect(differing).toEqual([]);
  });

  it('by a disk that is full', async ({ skip }) => {
    const report = await fullDisk(quickSweep, reference, ['60k']);
    if (typeof report === 'string') return skip(report);
    expect(report.seen[0]).toMatch(/^5 .*the disk is full/s);
    expect(report.differing).toEqual([]);
  });

  it('by a folder that becomes read-only', async ({ skip }) => {
    const report = await readOnly(quickSweep, reference, 2, 3);
    if (typeof report === 'string') return skip(report);
    expect(report.seen[0]).toMatch(/^5 .*(read-only|no permission)/s);
    expect(report.differing).toEqual([]);
  });

  it('by a clock that jumps', async () => {
    expect((await jumpingClock(quickSweep, reference, 1, 4)).differing).toEqual([]);
  });

  it('by others on the same folder: each point is computed once', async () => {
    const { seen, differing }: FaultReport = await severalAtOnce(quickSweep, reference, 3);
    expect(differing).toEqual([]);
    expect(seen.map(Number).reduce((sum, count) => sum + count)).toBe(QUICK_POINTS);
    expect(Math.max(...seen.slice(1).map(Number))).toBe(QUICK_POINTS - Number(seen[0]));
  });

  it('refuses a folder that another sweep uses, and says whose it is', async () => {
    const folder = newFolder();
    // It holds still in the middle, however long the other takes to come.
    const { child, finished, said } = startSweep(quickSweep, folder, [], { at: `/${QUICK_POINTS}`, signal: 'SIGSTOP' });
    await said;
    const second = await runSweep(quickSweep, folder);
    child.kill('SIGCONT');
    expect(second.code).toBe(5);
    expect(second.stderr).toContain(`${folder} is in use by process ${child.pid}. Wait for it`);
    expect((await finished).code).toBe(0);
  });
});
