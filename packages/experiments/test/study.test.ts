import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import {
  createRegistry,
  createTable,
  defineStudy,
  integer,
  type JsonObject,
  type Row,
  type StudyResult,
  throwIfCancelled,
} from '@ggdln/core';
import { decodeNpz } from '@ggdln/io';
import { createMlMatrixBackend, linalgPlugin, matrixFromRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  inProcess,
  overrideStudy,
  parseSpec,
  parseStudy,
  resolveStudy,
  runStudy,
  studyJsonSchema,
  toStudySpec,
} from '../src/index.ts';
import { writeStudy } from '../src/node/index.ts';

/** Means of more and more normals beside their expectation. */
const means = defineStudy({
  title: 'Means',
  summary: 'Means of normals.',
  options: { draws: integer({ title: 'Draws', min: 1, default: 5, help: 'How many.' }) },
  axis: { column: 'n', label: 'n', scale: 'linear' },
  metrics: [{ metric: 'mean', title: 'Mean', label: 'mean' }],
  create: ({ draws }) => ({
    async *run({ rng, signal, onWarning }) {
      onWarning?.({ code: 'few', message: 'Few draws.' });
      let sum = 0;
      const resultAt = (n: number): StudyResult => ({
        table: createTable([
          { n, source: 'theory', role: 'theory', metric: 'mean', value: 0, stderr: null },
          { n, source: 'draws', role: 'exact-sampling', metric: 'mean', value: sum / n, stderr: 1 / Math.sqrt(n) },
        ]),
        arrays: { sum: matrixFromRows([[sum]]) },
        diagnostics: { bad: { value: draws === 13 ? Number.NaN : 1 } },
      });
      for (let n = 1; n <= draws; n++) {
        throwIfCancelled(signal, 'means');
        sum += rng.gaussian();
        yield { step: n, total: draws, stage: 'drawing', result: resultAt(n) };
      }
      return resultAt(draws);
    },
  }),
});
const registry = createRegistry([linalgPlugin, { name: 'test', contract: '1.0.0', study: { means } }]);
const surroundings = { registry, linalg: createMlMatrixBackend() };
const TEXT = 'ggdln: 1\nname: my-means\nseed: 3\nstudy:\n  use: means\n  draws: 4\n';

function read(text: string) {
  const file = parseStudy(text, 'means.yaml');
  if (!file) throw new Error('it is an experiment');
  return file;
}

describe('files of studies', () => {
  it('are read, filled in, and written so that they read the same', () => {
    const study = resolveStudy(read(TEXT), registry);
    expect(study).toMatchObject({ name: 'my-means', title: 'Means', seed: 3, use: 'means', options: { draws: 4 } });
    expect(resolveStudy(toStudySpec(study), registry)).toEqual(study);
  });

  it('are no experiments, and experiments are no studies', () => {
    expect(() => parseSpec(TEXT, 'means.yaml')).toThrow(/means\.yaml:4:1.*this is a study/s);
    expect(parseStudy('ggdln: 1\nname: x\ndataset: { use: y }\n', 'x.yaml')).toBeUndefined();
  });

  it('refuse parts of experiments, naming the line', () => {
    expect(() => parseStudy(`${TEXT}dataset: { use: mnist }\n`, 'means.yaml')).toThrow(
      /means\.yaml:7:1.*"dataset" is given too.*Remove dataset/s,
    );
  });

  it('refuse unknown studies, options and values, naming the line and what is near', () => {
    expect(() => resolveStudy(read(TEXT.replace('means\n  d', 'mean\n  d')), registry)).toThrow(
      /means\.yaml:5:3.*means/s,
    );
    expect(() => resolveStudy(read(TEXT.replace('draws', 'drawz')), registry)).toThrow(/means\.yaml:6:3.*draws/s);
    expect(() => resolveStudy(read(TEXT.replace('4', '0')), registry)).toThrow(/means\.yaml:6:3.*a whole number ≥ 1/s);
    expect(() => resolveStudy(read(`${TEXT}linalg: abacus\n`), registry)).toThrow(/means\.yaml:7:1.*abacus/s);
  });

  it('can be overridden by path', () => {
    const file = overrideStudy(read(TEXT), { seed: '8', 'study.draws': '2' });
    expect(resolveStudy(file, registry)).toMatchObject({ seed: 8, options: { draws: 2 } });
    expect(() => overrideStudy(read(TEXT), { 'gating.gates': 3 })).toThrow(/gating/);
  });
});

describe('studyJsonSchema', () => {
  it('has the options of every study and no parts of experiments', () => {
    const { properties, required } = JSON.parse(JSON.stringify(studyJsonSchema(registry)));
    expect(required).toEqual(['ggdln', 'name', 'study']);
    expect(properties.study.oneOf[0].properties).toMatchObject({
      use: { const: 'means' },
      draws: { type: 'integer', minimum: 1, default: 5 },
    });
    expect(Object.keys(properties)).not.toContain('dataset');
    expect(Object.keys(properties)).toEqual(
      expect.arrayContaining(Object.keys(toStudySpec(resolveStudy(read(TEXT), registry)))),
    );
  });
});

describe('runStudy', () => {
  it('gives the same numbers for the same seed, and others for another', async () => {
    const run = (text: string) => runStudy(resolveStudy(read(text), registry), surroundings);
    const [one, again, other] = [await run(TEXT), await run(TEXT), await run(TEXT.replace('3', '4'))];
    expect(again.table).toEqual(one.table);
    expect(other.table).not.toEqual(one.table);
    expect(one.warnings).toEqual([{ code: 'few', message: 'Few draws.' }]);
    expect(one.provenance).toMatchObject({ experiment: 'my-means', study: 'means', seed: 3 });
  });

  it('tells of snapshots and stops when cancelled', async () => {
    const controller = new AbortController();
    const steps: number[] = [];
    const run = runStudy(resolveStudy(read(TEXT), registry), {
      ...surroundings,
      signal: controller.signal,
      onSnapshot: ({ step }) => {
        steps.push(step);
        if (step === 2) controller.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
    expect(steps).toEqual([1, 2]);
  });

  it('has the parts of a simulation computed by an executor that is opened for them, and closed', async () => {
    const said: string[] = [];
    const compute = async ({ n }: JsonObject) => Number(n) ** 2;
    const squares = defineStudy({
      ...means,
      options: {},
      create: () => ({
        async *run({ spreadWorks }) {
          const works = [3, 1, 2].map((n) => ({ name: `square ${n}`, data: { n } }));
          const rows: Row[] = [];
          if (spreadWorks) {
            for await (const value of spreadWorks(works, { module: 'none', name: 'square', compute }))
              rows.push({ n: rows.length, source: 'parts', role: 'theory', metric: 'mean', value, stderr: null });
          }
          return { table: createTable(rows), arrays: {}, diagnostics: {} };
        },
      }),
    });
    const own = createRegistry([linalgPlugin, { name: 'test', contract: '1.0.0', study: { squares } }]);
    const { table } = await runStudy(resolveStudy(read('ggdln: 1\nname: s\nstudy: { use: squares }\n'), own), {
      ...surroundings,
      registry: own,
      executor: async (parts) => {
        said.push(`open for ${parts}`);
        return { ...inProcess, slots: 2, close: async () => void said.push('close') };
      },
    });
    expect(table.rows.map(({ value }) => value)).toEqual([9, 1, 4]);
    expect(said).toEqual(['open for 3', 'close']);
  });

  it('refuses numbers that are none', async () => {
    const study = resolveStudy(read(TEXT.replace('4', '13')), registry);
    await expect(runStudy(study, surroundings)).rejects.toThrow(/study means.*bad is not finite/s);
  });

  it('is written as tables, arrays and a file that runs again', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'ggdln-study-'));
    const run = await runStudy(resolveStudy(read(TEXT), registry), surroundings);
    const files = await writeStudy(dir, run);
    expect(files.map((file) => basename(file))).toEqual([
      'table.csv',
      'table.json',
      'diagnostics.csv',
      'arrays.npz',
      'spec.resolved.yaml',
      'provenance.json',
    ]);
    expect(decodeNpz(await readFile(files[3])).sum.data[0]).toBe(run.arrays.sum.data[0]);
    expect(JSON.parse(await readFile(files[1], 'utf8')).rows).toEqual(run.table.rows);
    const written = read(await readFile(files[4], 'utf8'));
    expect(resolveStudy(written, registry)).toEqual(run.spec);
  });
});
