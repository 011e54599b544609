import { execFileSync } from 'node:child_process';
import type { ExecutorEntry, JsonObject } from '@ggdln/core';
import { resolveOptions } from '@ggdln/core';
import { checkEntry, failedChecks } from '@ggdln/plugin-testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dealTasks, tasksPerElement } from '../src/batches.ts';
import { batchScript, jobNameOf } from '../src/batchScript.ts';
import { slurmOptions, slurmPlugin } from '../src/index.ts';
import { checkSlurmOptions, type SlurmOptions } from '../src/slurmOptions.ts';

const optionsOf = (raw: JsonObject = {}): SlurmOptions => resolveOptions(slurmOptions, raw, 'slurm');
const scriptOf = (raw: JsonObject = {}, folder = '/runs/width/slurm/batches/b') =>
  batchScript({ jobName: 'ggdln-width', folder, elements: 5, options: optionsOf(raw) });
const entry = (slurmPlugin.executor as Readonly<Record<string, ExecutorEntry>>).slurm;

describe('the batch script', () => {
  it('says nothing of what was not asked for, and lets Node replace the shell', () => {
    const script = scriptOf({ node: '/usr/bin/node' });
    expect(script.split('\n').filter((line) => line.startsWith('#SBATCH'))).toEqual([
      '#SBATCH --job-name=ggdln-width',
      '#SBATCH --array=0-4%16',
      '#SBATCH --output=/runs/width/slurm/batches/b/%a.log',
      '#SBATCH --open-mode=append',
      '#SBATCH --ntasks=1',
      '#SBATCH --cpus-per-task=1',
      '#SBATCH --requeue',
      '#SBATCH --signal=B:USR1@60',
    ]);
    expect(script).toMatch(/^#!\/bin\/sh\n/);
    expect(script).toContain('OPENBLAS_NUM_THREADS=1');
    expect(script).toMatch(/\nexec \/usr\/bin\/node \S+batchWorker\.js \S+ "\$SLURM_ARRAY_TASK_ID"\n$/);
  });

  it('passes on what was asked for', () => {
    const script = scriptOf({
      partition: 'gpu',
      account: 'lab-1',
      time: '1-12:00:00',
      memory: '4G',
      cpus: 3,
      throttle: 2,
      grace: 0,
      setup: 'module load nodejs',
      extra: '--qos=low;  --nice=100 ;',
    });
    for (const line of ['--partition=gpu', '--account=lab-1', '--time=1-12:00:00', '--mem=4G', '--cpus-per-task=3']) {
      expect(script).toContain(`#SBATCH ${line}\n`);
    }
    expect(script).toContain('#SBATCH --qos=low\n#SBATCH --nice=100\n');
    expect(script).toContain('#SBATCH --array=0-4%2\n');
    expect(script).toContain('GGDLN_BLAS_THREADS=3');
    expect(script).toContain('\nmodule load nodejs\nexec ');
    expect(script).not.toContain('--signal');
  });

  it('quotes paths, so that the shell sees them as they are', () => {
    const folder = `/runs/it's $HOME/100%`;
    const script = scriptOf({ node: '/bin/echo' }, folder);
    expect(script).toContain(`#SBATCH --output="/runs/it's $HOME/100%%/%a.log"`);
    const last = script.trim().split('\n').at(-1) as string;
    const said = execFileSync('/bin/sh', ['-c', last], { encoding: 'utf8', env: { SLURM_ARRAY_TASK_ID: '4' } });
    expect(said.trim().endsWith(`batchWorker.js ${folder} 4`)).toBe(true);
  });

  it('refuses folders that sbatch can not be told', () => {
    expect(() => scriptOf({}, '/runs/a"b')).toThrow('has a quote, backslash or line break. Give another --out.');
  });

  it('can be seen before anything is submitted', () => {
    const context = { program: { module: 'file:///x.js', data: {} }, folder: '/runs/width', tasks: 100 };
    const shown = entry.preview?.(optionsOf({ tasksPerJob: 10 }) as never, context) ?? '';
    expect(shown).toContain('#SBATCH --array=0-9%16\n');
    expect(shown).toContain('/runs/width/slurm/batches/BATCH');
  });
});

describe('names of jobs', () => {
  it('are the same for the same folder, other for others, and plain', () => {
    expect(jobNameOf('/a/width')).toBe(jobNameOf('/a/width'));
    expect(jobNameOf('/a/width')).not.toBe(jobNameOf('/b/width'));
    expect(jobNameOf('/a/it is, über')).toMatch(/^ggdln-itisber-[0-9a-f]{10}$/);
  });
});

describe('options', () => {
  it('keep the contract of entries', async () => {
    expect(await failedChecks(checkEntry(entry))).toEqual([]);
  });

  it.each([
    [{ time: 'soon' }, 'executor slurm.time', '"soon" is no time limit. Give minutes, 02:00:00 or 1-12:00:00.'],
    [{ memory: 'much' }, 'executor slurm.memory', '"much" is no amount of memory. Give e.g. 800M or 4G.'],
    [{ partition: 'a b' }, 'executor slurm.partition', '"a b" is no name.'],
    [{ account: 'x\n#SBATCH --wrap=x' }, 'executor slurm.account', 'the text has several lines. Give one line.'],
    [{ extra: 'qos=low' }, 'executor slurm.extra', '"qos=low" is no option of sbatch.'],
  ])('refuse %j', (raw, where, said) => {
    expect(() => checkSlurmOptions(optionsOf(raw))).toThrow(`[${where}] ${said}`);
  });

  it.each(['90', '2:30', '01:30:00', '2-12', '1-00:00:00'])('take the time limit %s', (time) => {
    expect(() => checkSlurmOptions(optionsOf({ time }))).not.toThrow();
  });
});

describe('tasks of elements', () => {
  const limits = fc.record({ throttle: fc.integer({ min: 1, max: 1000 }), tasksPerJob: fc.nat(50) });

  it('are all there once, in at most 1000 elements of nearly the same number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), limits, (count, raw) => {
        const options = optionsOf(raw);
        const tasks = Array.from({ length: count }, (_, i) => i);
        const elements = dealTasks(tasks, options);
        expect(elements.flat().sort((a, b) => a - b)).toEqual(tasks);
        expect(elements.length).toBeLessThanOrEqual(1000);
        const sizes = elements.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(tasksPerElement(count, options));
      }),
      { numRuns: 50 },
    );
  });

  it('fill as many elements as may run at once, unless their number is given', () => {
    const numberOf = (count: number, raw: JsonObject) =>
      dealTasks(Array.from({ length: count }), optionsOf(raw)).length;
    expect(numberOf(200, {})).toBe(16);
    expect(numberOf(7, {})).toBe(7);
    expect(numberOf(200, { tasksPerJob: 50 })).toBe(4);
    expect(numberOf(5000, { tasksPerJob: 1 })).toBe(1000);
  });

  it('mix neighbours of an axis, which take about as long as each other', () => {
    expect(dealTasks([1, 2, 3, 4, 5], optionsOf({ throttle: 2 }))).toEqual([
      [1, 3, 5],
      [2, 4],
    ]);
  });
});
