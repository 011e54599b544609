import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareRuns, type ExperimentSpec, runExperiment, tableOfPoints } from '../src/index.ts';
import { findRuns, inspectRun, openFolderStore, pruneRun, readRun } from '../src/node/index.ts';
import { seal } from '../src/node/recordFiles.ts';
import { noLinalg } from './doubles.ts';
import { failureOf, registry, resolved } from './helpers.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ggdln-runs-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function runIn(folder: string, changes: Partial<ExperimentSpec> = {}) {
  const store = await openFolderStore(folder);
  const result = await runExperiment(resolved(changes), { registry, linalg: noLinalg, store });
  await store.close();
  return result;
}

describe('a folder of results', () => {
  it('tells how far a run is, who has it, and what it is to compute, without its plugins', async () => {
    await runIn(dir, { theories: [{ use: 'closed-form', failBelow: 20 }] });
    expect(await inspectRun(dir)).toMatchObject({ name: 'width', planned: 6, stored: 5, failed: 1, stale: 0 });
    expect((await inspectRun(dir)).manifest).toMatchObject({ title: 'Does width help?', axes: ['architecture.width'] });
    const store = await openFolderStore(dir);
    expect((await inspectRun(dir)).holder).toBe(`process ${process.pid}`);
    await store.close();
    expect((await inspectRun(dir)).holder).toBeUndefined();
  });

  it('gives the table back from its points, in the order of the plan', async () => {
    const { table } = await runIn(dir);
    const { records, manifest, failures, damaged } = await readRun(dir);
    expect(tableOfPoints(records, manifest?.axes ?? [])).toEqual(table);
    expect([failures, damaged]).toEqual([[], []]);
  });

  it('names its damaged points, and keeps the others', async () => {
    await runIn(dir);
    const [name] = (await readdir(join(dir, 'points'))).filter((file) => file.endsWith('.npz'));
    await writeFile(join(dir, 'points', name), 'nothing');
    const { records, damaged } = await readRun(dir);
    expect(records).toHaveLength(5);
    expect(damaged).toEqual([{ id: name.slice(0, 24), message: expect.stringContaining('checksum of its arrays') }]);
  });

  it('is found among others', async () => {
    await runIn(join(dir, 'b'));
    await runIn(join(dir, 'a', 'deep'));
    await writeFile(join(dir, 'file'), '');
    expect(await findRuns(dir)).toEqual([join(dir, 'a', 'deep'), join(dir, 'b')]);
    expect(await findRuns(join(dir, 'nowhere'))).toEqual([]);
  });

  it('is refused when it holds no run, or one of a later release', async () => {
    expect((await failureOf(() => inspectRun(dir))).message).toContain(`${dir} holds no run. Give a folder`);
    await runIn(dir);
    await writeFile(join(dir, 'run.json'), seal({ format: 2 }));
    for (const use of [() => inspectRun(dir), () => openFolderStore(dir)]) {
      const { code, message } = await failureOf(use);
      expect(code).toBe('GGDLN_STORAGE');
      expect(message).toContain('run.json has format 2, this release knows 1. Use the release of ggdln that wrote it');
    }
    expect(await readdir(dir)).not.toContain('run.lock');
  });

  it('is understood again by a run when its run.json is damaged', async () => {
    await runIn(dir);
    const before = await readFile(join(dir, 'run.json'));
    await writeFile(join(dir, 'run.json'), before.subarray(0, 40));
    expect((await inspectRun(dir)).manifest).toBeUndefined();
    expect((await runIn(dir)).counts.reused).toBe(6);
    expect(Buffer.compare(await readFile(join(dir, 'run.json')), before)).toBe(0);
  });
});

describe('pruneRun', () => {
  it('says and deletes what is of no use, and nothing else', async () => {
    await runIn(dir, { sweep: { 'architecture.width': [10, 50] } });
    const { table } = await runIn(dir);
    const kept = await readRun(dir);
    const names = (await readdir(join(dir, 'points'))).filter((name) => name === `${kept.records[0].id}.json`);
    await writeFile(join(dir, 'points', names[0]), '{');
    await writeFile(join(dir, 'points', '.unfinished-x'), 'x');
    const report = await pruneRun(dir);
    expect(report).toMatchObject({ stale: [expect.any(String), expect.any(String)], failures: [] });
    expect(report.damaged).toEqual([kept.records[0].id]);
    expect(report.leftover).toEqual(['.unfinished-x']);
    const size = (await readdir(join(dir, 'points'))).length;
    expect(await pruneRun(dir, { remove: true })).toEqual(report);
    expect(await readdir(join(dir, 'points'))).toHaveLength(size - 2 * 2 - 2 - 1);
    const again = await runIn(dir);
    expect(again.counts).toMatchObject({ reused: 5, computed: 1, stale: 0 });
    expect(again.table).toEqual(table);
  });

  it('forgets failures on request', async () => {
    await runIn(dir, { theories: [{ use: 'closed-form', failBelow: 20 }] });
    expect((await pruneRun(dir, { remove: true })).failures).toEqual([]);
    expect((await pruneRun(dir, { remove: true, failures: true })).failures).toHaveLength(1);
    expect((await inspectRun(dir)).failed).toBe(0);
  });

  it('leaves a folder alone that a process uses', async () => {
    await runIn(dir);
    const store = await openFolderStore(dir);
    expect((await failureOf(() => pruneRun(dir, { remove: true }))).message).toContain('is in use by process');
    await store.close();
  });
});

describe('compareRuns', () => {
  it('lays two runs beside each other by source, metric and place', async () => {
    const first = (await runIn(join(dir, 'a'))).table;
    const second = (await runIn(join(dir, 'b'), { seed: 12, sweep: { 'architecture.width': [10, 30, 50] } })).table;
    const { table, only, unshared } = compareRuns(first, second);
    const shared = (row: { readonly [column: string]: unknown }) => row['architecture.width'] !== 100;
    expect(table.rows).toHaveLength(first.rows.filter(shared).length);
    expect(only).toEqual([first.rows.length - table.rows.length, second.rows.length - table.rows.length]);
    expect(unshared).toEqual([]);
    for (const row of table.rows) {
      expect(row.difference).toBe(Number(row.other) - Number(row.value));
      if (row.source === 'closed-form' && row.metric === 'variance')
        expect(row).toMatchObject({ difference: 0, z: null });
      if (row.z !== null)
        expect(row.z).toBeCloseTo(Number(row.difference) / Math.hypot(Number(row.stderr), Number(row.otherStderr)), 12);
    }
    expect(compareRuns(first, first).table.rows.every(({ difference }) => difference === 0)).toBe(true);
  });

  it('does not compare places that an axis of one run alone makes ambiguous', async () => {
    const first = (await runIn(join(dir, 'a'))).table;
    const second = (await runIn(join(dir, 'b'), { sweep: { 'architecture.width': [10], temperature: [0.01, 0.02] } }))
      .table;
    expect(compareRuns(first, second)).toMatchObject({ table: { rows: [] }, unshared: ['temperature'] });
  });
});
