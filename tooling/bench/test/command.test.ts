import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allJobs, selectJobs } from '../src/allJobs.ts';
import { readArguments } from '../src/arguments.ts';
import { type Bar, NotHereError } from '../src/job.ts';
import { jobs } from '../src/jobs/index.ts';
import { benchmarkPage } from '../src/page.ts';
import { readRows } from '../src/rows.ts';
import { runJobs } from '../src/run.ts';
import { textTable, verdict } from '../src/table.ts';
import { contest, job, ROW } from './fakes.ts';

describe('arguments', () => {
  it('are read, with defaults', () => {
    expect(readArguments(['--only', 'a,b', '--only', 'c', '--json', 'rows.json'])).toEqual({
      only: ['a', 'b', 'c'],
      all: false,
      list: false,
      threads: [1, 2],
      repetitions: 7,
      json: 'rows.json',
      rows: [],
    });
  });

  it('that are wrong are named', () => {
    expect(() => readArguments(['--threads', '0'])).toThrow('--threads is "0"; give whole numbers above 0');
    expect(() => readArguments(['--onyl', 'x'])).toThrow(/--onyl[\s\S]*--only NAME/);
    expect(() => selectJobs([job()], { only: ['gibs'], all: false })).toThrow(
      'there is no job "gibs"; the jobs are fake-job',
    );
    expect(() => selectJobs([job()], { only: [], all: false, size: '9' })).toThrow('no job has the size "9"');
  });

  it('leave long jobs out unless they are named or all are asked for', () => {
    const both = [job(), job({ name: 'long-job', long: true })];
    const names = (asked: { only: string[]; all: boolean }) => selectJobs(both, asked).map(({ name }) => name);
    expect(names({ only: [], all: false })).toEqual(['fake-job']);
    expect(names({ only: [], all: true })).toEqual(['fake-job', 'long-job']);
    expect(names({ only: ['long-job'], all: false })).toEqual(['long-job']);
  });
});

describe('jobs of packages', () => {
  it('are found; a file that is broken is named, and the others go on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ggdln-bench-'));
    const write = (name: string, text: string) => {
      mkdirSync(join(folder, name, 'bench'), { recursive: true });
      writeFileSync(join(folder, name, 'bench', 'own.bench.js'), text);
    };
    write('a', 'export const other = 1;');
    write('b', "throw new Error('no such thing');");
    write('c', "export const jobs = [{ name: 'own-job', title: '', sizes: [] }];");
    const notes: string[] = [];
    const found = await allJobs((note) => notes.push(note), folder);
    rmSync(folder, { recursive: true });
    expect(found.map(({ name }) => name)).toEqual([...jobs.map(({ name }) => name), 'own-job']);
    expect(notes).toEqual([
      expect.stringMatching(/a.bench.own\.bench\.js is left out: it exports no jobs/),
      expect.stringMatching(/b.bench.own\.bench\.js is left out: no such thing/),
    ]);
  });
});

describe('a run', () => {
  it('goes on after a job that fails or cannot run here, and says so', async () => {
    const notes: string[] = [];
    const rows: unknown[] = [];
    const ended: string[] = [];
    const failing = (error: Error) =>
      job({
        sizes: [
          {
            size: '1',
            prepare: async ({ onEnd }) => {
              onEnd(() => void ended.push(error.message));
              throw error;
            },
          },
        ],
      });
    const failed = await runJobs({
      jobs: [failing(new Error('broken')), failing(new NotHereError('no library')), job()],
      ...{ threads: 2, repetitions: 1, rest: 0, peak: { float64: 1e5, float32: 1e5 } },
      onRows: (found) => rows.push(...found),
      onNote: (note) => notes.push(note),
    });
    expect(failed).toBe(1);
    expect(notes).toEqual(['fake-job 1, 2 threads failed: broken', 'fake-job 1, 2 threads is left out: no library']);
    expect(ended).toEqual(['broken', 'no library']);
    expect(rows).toEqual([{ ...ROW, threads: 2 }]);
  });

  const nets = ['ggdln1', 'ggdln2', 'relu1', 'relu2'].map((net) => `${net}:500,784,500,10`);
  const perDepth = (one: number, two: number) => [one, two, one, two].map((most) => ({ most }));
  const all = (count: number, bar: Bar) => new Array<Bar>(count).fill(bar);

  it.each<readonly [string, readonly string[], readonly Bar[]]>([
    ['saddle-evaluation', ['500,20', '1000,50', '2000,20'], all(3, { most: 1.1 })],
    ['saddle-solve', ['500,20', '1000,50', '2000,20'], all(3, { most: 0.8 })],
    ['saddle-solve-wasm', ['500,20', '1000,50'], all(2, { most: 5 })],
    ['width-sweep', ['1000,50'], [{ most: 0.25 }]],
    ['gibbs-sweep', ['500,784,500,10', '1000,784,1000,20'], all(2, { most: 0.8 })],
    ['ess-rate', ['200,784,200,10'], [{ least: 100 }]],
    ['train-step', nets, perDepth(1, 1.1)],
    ['langevin-step', nets, all(4, { most: 1.1 })],
    ['train-step-compressed', ['ggdln1:200,784,500,10'], [{ most: 0.6 }]],
    ['train-step-wasm', nets, all(4, { most: 5 })],
    ['large-solve', ['10000,50,784'], [{ most: 1.5, ofFloor: true }]],
  ])('has the sizes and bars of the published table: %s', (name, sizes, bars) => {
    const found = jobs.find((one) => one.name === name)!;
    expect(found.sizes.map(({ size }) => size)).toEqual(sizes);
    expect(sizes.map((size) => found.bar?.(size, 'PyTorch 2.0'))).toEqual(bars);
  });

  it('holds portable steps to the same speed as jax-js', () => {
    const wasm = jobs.find(({ name }) => name === 'train-step-wasm')!;
    for (const { size } of wasm.sizes) expect(wasm.bar?.(size, 'jax-js 0.1')).toEqual({ most: 1 });
  });

  it('has no two sizes of a name', () => {
    for (const { sizes } of jobs) expect(new Set(sizes.map(({ size }) => size)).size).toBe(sizes.length);
  });
});

describe('rows', () => {
  it('say whether a bar is met: of the ratio at most or at least, or of the floor', () => {
    const met = (changes: object, bar: object) => verdict({ ...ROW, ...changes }, [job({ bar: () => bar })]).met;
    expect(met({}, { most: 0.5 })).toBe(true);
    expect(met({}, { most: 0.4 })).toBe(false);
    expect(met({}, { least: 0.6 })).toBe(false);
    expect(met({}, { most: 1.9, ofFloor: true })).toBe(false);
    expect(met({ ratio: null }, { most: 1 })).toBeUndefined();
    expect(met({ unit: 'GB' }, { most: 1 })).toBeUndefined();
  });

  it('make a table and a page that show ours, the peer and the missed bar', () => {
    const strict = [job({ bar: () => ({ most: 0.4 }) })];
    expect(textTable([ROW], strict)).toMatch(
      /fake-job +5,2 +fake +1 +ms +100 +200 +0\.5 × +≤ 0\.4 × +NO +50 +Peer 1\.0/,
    );
    const facts = {
      machine: 'Abacus',
      commit: 'abc',
      date: '2026-01-31',
      limits: { 'fake-job': 'The beads are slow.' },
    };
    const page = benchmarkPage([ROW], strict, facts);
    expect(page).toContain('| fake-job | 5,2 | fake | 1 | ms | 100 | 200 | 0.5 × | ≤ 0.4 × | NO | 50 | Peer 1.0 |');
    expect(page).toContain('Machine: Abacus. Peers: Peer 1.0. Commit abc');
    const without = { ...ROW, job: 'other', peer: null, ratio: null, peerName: 'PyTorch' };
    expect(benchmarkPage([ROW, without], strict, facts)).toContain('Peers: Peer 1.0. Absent: PyTorch. Commit abc');
    expect(benchmarkPage([without], strict, facts)).toContain('Peers: none. Absent: PyTorch.');
    expect(page).toContain('apt-get install libopenblas0-pthread python3-numpy python3-scipy python3-torch');
    expect(page).toContain('- `fake-job`: The beads are slow.');
  });

  it('of earlier runs are joined, the later ones counting', () => {
    const later = { ...ROW, ours: 90 };
    const other = { ...ROW, threads: 2 };
    const files = [
      ['first.json', JSON.stringify([ROW, other])],
      ['second.json', JSON.stringify([later])],
    ] as const;
    expect(readRows(files)).toEqual([later, other]);
    expect(() => readRows([['x.json', '{"job": 1}']])).toThrow('x.json is not an array of rows {job, size,');
    expect(() => readRows([['x.json', 'oops']])).toThrow('x.json is not JSON; give a file that --json wrote');
  });

  it('of a contest without a count of operations have no floor', async () => {
    const { flops: _, ...rest } = contest();
    const rows: { floor: number | null }[] = [];
    await runJobs({
      jobs: [job({ sizes: [{ size: '5,2', prepare: async () => rest }] })],
      ...{ threads: 1, repetitions: 1, rest: 0, peak: { float64: 1, float32: 1 }, onNote: () => {} },
      onRows: (found) => rows.push(...found),
    });
    expect(rows[0].floor).toBeNull();
  });
});
