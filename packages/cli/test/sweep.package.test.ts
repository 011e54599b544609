import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeCsv, decodeNpz } from '@ggdln/io';
import { parquetReadObjects } from 'hyparquet';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Finished, ggdln, ggdlnHere, newFolder } from './runCommand.ts';

const smoke = ['sweep', 'examples/sweeps/smoke.yaml', '--set', 'learners.block-gibbs.sweeps=60', '--jobs', '1'];
const read = (folder: string, name: string) => readFileSync(join(folder, name), 'utf8');

describe('ggdln sweep', () => {
  const folder = newFolder();
  let first: Finished;
  beforeAll(async () => {
    first = await ggdln([...smoke, '--out', folder]);
  });

  it('computes all points into one table, with an estimate and the time that is left', () => {
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toMatch(/^40 points: 40 computed, 0 from before\n/);
    expect(first.stderr).toMatch(
      /Estimate, from 4 points: about .* for the other 36 \(work: ggdln .*, block-gibbs .*\)/,
    );
    // Wide networks first: narrow ones are solved from there.
    expect(first.stderr).toMatch(/\n {3}5\/40 ✓ ggdln width 100 seed 1 trainSize 10 gates 1 {2}\d+\.\d s/);
    expect(first.stderr.match(/✓/g)).toHaveLength(40);
    const { columns, rows } = decodeCsv(read(folder, 'table.csv'));
    expect(columns).toEqual([
      ...[
        'architecture.width',
        'seed',
        'dataset.trainSize',
        'gating.gates',
        'source',
        'role',
        'metric',
        'value',
        'stderr',
      ],
    ]);
    expect(rows).toHaveLength(40 * 3);
    expect(JSON.parse(read(folder, 'table.json')).rows).toHaveLength(40 * 3);
    expect(Object.keys(decodeNpz(readFileSync(join(folder, 'arrays.npz')))).length).toBeGreaterThan(40);
    // One figure for each width: seeds are averaged over, gates move together with the examples on x.
    expect(readdirSync(folder).filter((name) => name.endsWith('.svg'))).toEqual([
      'figure-width=100.svg',
      'figure-width=20.svg',
    ]);
    expect(read(folder, 'figure-width=20.svg')).toContain('mean of seeds 1, 2');
  });

  it('plans the two hundred points of random-200.yaml, always the same', async () => {
    const plan = ['sweep', 'examples/sweeps/random-200.yaml', '--dry-run', '--json'];
    const { stdout } = await ggdlnHere(plan);
    expect((JSON.parse(stdout) as { points: object[] }).points).toHaveLength(200);
    expect((await ggdlnHere(plan)).stdout).toBe(stdout);
  });

  it('takes finished points from before, and says so in JSON lines', async () => {
    const { code, stdout, stderr } = await ggdlnHere([...smoke, '--out', folder, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ name: 'sweep-smoke', counts: { total: 40, reused: 40 }, failures: [] });
    const lines = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type?: string });
    expect(lines.filter(({ type }) => type === 'point-reused')).toHaveLength(40);
  });

  it('sweeps what --set gives several values, and stops after an estimate', async () => {
    const out = newFolder();
    const flags = ['--set', 'temperature=0.1,1', '--set', 'sweep.replicates=1', '--estimate', '--out', out, '--quiet'];
    const { code, stdout, stderr } = await ggdlnHere([...smoke, ...flags]);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^Estimate, from \d+ points: about .* for the other 3\d/);
    const there = readdirSync(join(out, 'points')).filter((name) => name.endsWith('.json')).length;
    expect(there).toBeGreaterThanOrEqual(4);
    expect(there).toBeLessThan(10);
    expect(readdirSync(out)).not.toContain('table.csv');
  });

  it('keeps failures, goes on, and tries them again when told to', async () => {
    const [out, files] = [newFolder(), newFolder()];
    const text = [
      'ggdln: 1\nname: hot\ntemperature: 0.1\ndataset: { use: noisy-teacher, trainSize: 10, testSize: 5 }',
      'gating: { use: half-spaces, gates: 2 }\narchitecture: { use: ggdln, width: 20 }\ntheories: [{ use: ggdln }]',
      'sweep: { dataset.trainSize: [5, 100000000] }\n',
    ];
    writeFileSync(join(files, 'hot.yaml'), text.join('\n'));
    const sweep = ['sweep', join(files, 'hot.yaml'), '--out', out, '--jobs', '1'];
    const { code, stdout, stderr } = await ggdlnHere(sweep);
    expect(code, stderr).toBe(3);
    expect(stdout).toMatch(/2 points: 1 computed, 0 from before, 1 failed\n {2}✗ ggdln trainSize 100000000/);
    expect(stdout).toContain('--retry-failed tries them again');
    expect(decodeCsv(read(out, 'failures.csv')).rows).toHaveLength(1);
    const again = await ggdlnHere(sweep);
    expect(again.stderr).toContain('failed before: ');
    expect(again.code).toBe(3);
    const retried = await ggdlnHere([...sweep, '--retry-failed']);
    expect(retried.stderr).toMatch(/✗ ggdln trainSize 100000000 {2}(?!failed before)/);
    const shown = await ggdlnHere(['runs', 'show', out]);
    expect(shown.stdout).toMatch(/failures, 1 of 2 points: ggdln 1\/2.*✗ ggdln trainSize 100000000 {2}GGDLN_/s);
  });

  it.each([
    [['sweep'], 'no experiment is named. Give a file'],
    [['sweep', 'nowhere.yaml'], 'there is no experiment'],
    [[...smoke, '--set', 'architecture.width=20,x'], '"x" is not allowed. Give a whole number ≥ 1'],
    [[...smoke, '--estmate'], '--estimate'],
  ])('refuses %j', async (args, said) => {
    const { code, stderr } = await ggdlnHere(args);
    expect(code).toBe(2);
    expect(stderr).toContain(said);
  });

  describe('ggdln runs', () => {
    it('lists, shows and compares runs', async () => {
      const list = await ggdlnHere(['runs', 'list', folder, '--json']);
      expect(JSON.parse(list.stdout)).toMatchObject([
        { folder, state: 'complete', planned: 40, stored: 40, failed: 0 },
      ]);
      expect((await ggdlnHere(['runs', 'list', folder])).stdout).toMatch(/complete +40\/40 +0 +\d+ kB/);
      const other = newFolder();
      await ggdlnHere([
        ...smoke,
        '--seed',
        '3',
        '--set',
        'architecture.width=20',
        '--sweep',
        'architecture.width=20',
        '--out',
        other,
      ]);
      const compared = await ggdlnHere(['runs', 'compare', folder, other]);
      expect(compared.stdout).toContain('seed: 1 → 3');
      expect(compared.stdout).toMatch(/Only in .*: 120 numbers; only in .*: 60/);
      expect((await ggdlnHere(['runs', 'compare', folder])).stderr).toContain('1 folders are named. Give two');
    });

    it('exports the table as it was written, and as JSON, NPZ and Parquet', async () => {
      const out = newFolder();
      for (const ending of ['csv', 'json', 'npz', 'parquet']) {
        const { code, stderr } = await ggdlnHere(['runs', 'export', folder, '--out', join(out, `all.${ending}`)]);
        expect(code, stderr).toBe(0);
      }
      expect(read(out, 'all.csv')).toBe(read(folder, 'table.csv'));
      expect(JSON.parse(read(out, 'all.json'))).toEqual(JSON.parse(read(folder, 'table.json')));
      expect(readFileSync(join(out, 'all.npz'))).toEqual(readFileSync(join(folder, 'arrays.npz')));
      const bytes = readFileSync(join(out, 'all.parquet'));
      const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
      expect(await parquetReadObjects({ file })).toEqual(JSON.parse(read(folder, 'table.json')).rows);
      const refused = await ggdlnHere(['runs', 'export', folder, '--out', join(out, 'all.xlsx')]);
      expect(refused.stderr).toContain('ends in ".xlsx". Give --out FILE with one of .csv, .json, .npz, .parquet');
    });

    it('clears up what a changed sweep left, when told to', async () => {
      const out = newFolder();
      const two = [...smoke.slice(0, 2), '--set', 'learners.block-gibbs.sweeps=20', '--jobs', '1', '--out', out];
      await ggdlnHere([...two, '--sweep', 'architecture.width=20']);
      await ggdlnHere([...two, '--sweep', 'architecture.width=30']);
      expect((await ggdlnHere(['runs', 'prune', out])).stdout).toMatch(
        /20 points of other versions \(\d+ kB\); --yes deletes/,
      );
      expect((await ggdlnHere(['runs', 'prune', out, '--yes'])).stdout).toContain(
        'deleted 20 points of other versions',
      );
      expect((await ggdlnHere(['runs', 'prune', out])).stdout).toContain('nothing to clear up');
      expect((await ggdlnHere(['runs', 'prune', newFolder()])).stderr).toContain('holds no run');
    });
  });
});
