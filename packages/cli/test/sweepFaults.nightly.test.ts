import { beforeAll, describe, expect, it } from 'vitest';
import { damagedFiles, type FaultReport, fullDisk, jumpingClock, readOnly, severalAtOnce } from './faultCases.ts';
import { type Disturbed, killLoop, QUICK_POINTS, quickSweep, type Reference, referenceOf } from './sweepFaults.ts';

/** For the person who reads the log of a night. */
function tell(what: string, report: object): void {
  process.stdout.write(`${what}: ${JSON.stringify(report)}\n`);
}

describe('kill -9 at random moments loses nothing', () => {
  const sweeps: readonly (readonly [name: string, kills: number, sweep: Disturbed])[] = [
    ['quick points', 200, quickSweep],
    ['the forty points of smoke.yaml', 40, { file: 'examples/sweeps/smoke.yaml', flags: [] }],
    ['two hundred random points', 40, { file: 'examples/sweeps/random-200.yaml', flags: [] }],
  ];
  it.each(sweeps)('of %s, %i times', async (name, kills, sweep) => {
    const reference = await referenceOf(sweep);
    const count = await killLoop(sweep, reference, kills, Date.now());
    tell(name, count);
    expect(count.kills).toBe(kills);
    expect(count.resumed).toBeGreaterThan(0);
    expect(count.differing).toEqual([]);
  });
});

describe('other faults lose nothing', () => {
  let reference: Reference;
  beforeAll(async () => {
    reference = await referenceOf(quickSweep);
  });
  const tell0 = ({ faults, differing }: FaultReport) => ({ faults, differing });

  it('damaged files', async () => {
    const report = await damagedFiles(quickSweep, reference, 40, Date.now());
    tell('damaged files', tell0(report));
    expect(report.differing).toEqual([]);
  });

  it('full disks', async ({ skip }) => {
    const sizes = Array.from({ length: 20 }, (_, i) => `${10 + 5 * i}k`);
    const report = await fullDisk(quickSweep, reference, sizes);
    if (typeof report === 'string') return skip(report);
    tell('full disks', tell0(report));
    expect(report.seen.filter((text) => text.startsWith('5 ')).length).toBeGreaterThan(10);
    expect(report.differing).toEqual([]);
  });

  it('read-only folders', async ({ skip }) => {
    const report = await readOnly(quickSweep, reference, 20, Date.now());
    if (typeof report === 'string') return skip(report);
    tell('read-only folders', tell0(report));
    expect(report.differing).toEqual([]);
  });

  it('clocks that jump', async () => {
    const report = await jumpingClock(quickSweep, reference, 20, Date.now());
    tell('clocks that jump', tell0(report));
    expect(report.differing).toEqual([]);
  });

  it.each([2, 4, 8])('%i sweeps at once', async (sweeps) => {
    const report = await severalAtOnce(quickSweep, reference, sweeps);
    tell('sweeps at once', report);
    expect(report.differing).toEqual([]);
    expect(report.seen.map(Number).reduce((sum, count) => sum + count)).toBe(QUICK_POINTS);
  });
});
