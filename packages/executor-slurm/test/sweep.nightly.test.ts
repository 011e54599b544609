// The same sweep through Slurm as in one process: the same bytes, also when whoever waits for it is killed on the way.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { type SlurmCluster, startSlurm, whyNoSlurm } from './slurmCluster.ts';

const why = whyNoSlurm();
const cluster = why === undefined ? await startSlurm() : undefined;
if (!cluster) {
  process.stderr.write(`  SKIPPED sweeps on a real Slurm: ${why}\n`);
  it(`says why no Slurm is tested here: ${why}`, () => expect(why).toBeTruthy());
}
afterAll(() => cluster?.stop());

const root = resolve(import.meta.dirname, '../../..');
const slurm = ['--executor', 'slurm', '--executor.throttle', '2', '--executor.poll', '1'];
const pathOf = (out: string, ...names: string[]) => join((cluster as SlurmCluster).folder, out, ...names);
const sweep = (out: string, args: readonly string[]): ChildProcess =>
  spawn(
    process.execPath,
    [
      join(root, 'packages/cli/dist/bin.js'),
      ...['sweep', join(root, 'examples/sweeps/smoke.yaml'), '--out', pathOf(out), '--quiet', ...args],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
const endOf = (child: ChildProcess) =>
  new Promise<unknown>((done) => child.once('close', (code, by) => done(by ?? code)));
const RESULTS = ['table.csv', 'comparison.csv', 'diagnostics.csv', 'arrays.npz'];
const resultsOf = (out: string) => RESULTS.map((name) => [name, readFileSync(pathOf(out, name)).toString('base64')]);

describe.runIf(cluster)('ggdln sweep --executor slurm', () => {
  it('gives the tables and arrays of one process, and leaves no files of its own', async () => {
    expect(await endOf(sweep('here', ['--jobs', '1']))).toBe(0);
    expect(await endOf(sweep('slurm', slurm))).toBe(0);
    expect(resultsOf('slurm')).toEqual(resultsOf('here'));
    expect(readFileSync(pathOf('slurm', 'table.csv'), 'utf8').trim().split('\n').length).toBeGreaterThan(40);
    expect(existsSync(pathOf('slurm', 'slurm'))).toBe(false);
  });

  it('gives them after kill -9 of the command at several moments, with jobs that go on meanwhile', async () => {
    let kills = 0;
    for (const seconds of [1.5, 3, 5, 7, 9]) {
      const child = sweep('killed', slurm);
      const end = endOf(child);
      await Promise.race([end, sleep(seconds * 1000)]);
      if (child.exitCode === null && child.kill('SIGKILL')) kills += 1;
      await end;
    }
    expect(kills).toBeGreaterThan(2);
    expect(await endOf(sweep('killed', slurm))).toBe(0);
    expect(resultsOf('killed')).toEqual(resultsOf('here'));
    process.stderr.write(`  ${kills} kills of a sweep on Slurm: nothing lost\n`);
  });
});
