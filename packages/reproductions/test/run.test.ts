import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRegistry, type LinalgBackend } from '@ggdln/core';
import { createFileSource } from '@ggdln/datasets/node';
import { createMemoryStore } from '@ggdln/experiments';
import { createWasmBackend } from '@ggdln/linalg';
import { standardPlugins } from '@ggdln/standard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findReproduction, type ReproductionContext, reproductions } from '../src/index.ts';
import { writeReproduction } from '../src/node/index.ts';

let linalg: LinalgBackend;
let folder: string;
beforeAll(async () => {
  linalg = await createWasmBackend();
  folder = await mkdtemp(join(tmpdir(), 'ggdln-reproduce-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const contextOf = (more: Partial<ReproductionContext> = {}): ReproductionContext => ({
  scale: 'test',
  seed: 1,
  registry: createRegistry(standardPlugins),
  linalg,
  ...more,
});

/** Real digits would have to be fetched. */
const withoutFiles = reproductions.filter(
  ({ name }) => !/mnist|cifar|clothes|ggdln\/(depth|sigma|gates)|gln\/|generalisation/.test(name),
);

describe('reproductions at the scale of tests', () => {
  it.each(withoutFiles.map(({ name }) => name))('%s gives figures, tables and checks', async (name) => {
    const { tables, figures, checks } = await findReproduction(name).run(contextOf());
    expect(Object.keys(figures)).toContain('figure');
    expect(tables.table.rows.length).toBeGreaterThan(0);
    expect(checks.length).toBeGreaterThan(2);
    for (const { found } of checks) expect(Number.isFinite(found)).toBe(true);
  });

  it('follows sequences of the digits that come with the datasets', async () => {
    const digits = findReproduction('continual/mnist-sequences');
    const { tables, checks, arrays } = await digits.run(contextOf({ files: createFileSource() }));
    const exact = checks.filter(({ what }) => what.endsWith(', minus 1'));
    expect(exact).toHaveLength(6);
    for (const { what, pass } of exact) expect(pass, what).toBe(true);
    for (const kind of ['permuted pixels', 'rotated by 30°', 'split classes']) {
      const feature = arrays[`${kind}/feature`];
      for (let i = 0; i < feature.rows; i++) expect(feature.data[i * (feature.cols + 1)]).toBeCloseTo(1, 9);
      for (const value of feature.data) expect(value).toBeLessThan(1 + 1e-9);
    }
    const points = tables.agreement.rows.filter(({ role }) => role === 'gradient-descent');
    expect(points).toHaveLength(9);
    for (const { stderr } of points) expect(Number(stderr)).toBeGreaterThan(0);
  });

  it('computes by the executor that it is given, and closes it', async () => {
    const said: string[] = [];
    const alone = await findReproduction('bpkr/sigma').run(contextOf());
    const { tables } = await findReproduction('bpkr/sigma').run(
      contextOf({
        executor: async (experiment, points) => {
          said.push(`open ${experiment}: ${points.length > 0}`);
          return {
            description: 'a test',
            slots: 2,
            run: (task, listener, signal, here) => here(task, listener, signal),
            close: async () => {
              said.push(`close ${experiment}`);
            },
          };
        },
      }),
    );
    expect(tables).toEqual(alone.tables);
    expect(said.filter((text) => text.startsWith('close')).length).toBe(said.length / 2);
    expect(said[0]).toMatch(/^open .+: true$/);
  });

  it('draws the same numbers again from the same seed, others from another, and reuses stored points', async () => {
    const reproduction = findReproduction('bpkr/sigma');
    const store = createMemoryStore();
    const first = await reproduction.run(contextOf({ store: async () => store }));
    const stages: string[] = [];
    const again = await reproduction.run(
      contextOf({ store: async () => store, onProgress: ({ stage }) => stages.push(stage) }),
    );
    expect(again.tables).toEqual(first.tables);
    expect((await reproduction.run(contextOf())).tables).toEqual(first.tables);
    expect((await reproduction.run(contextOf({ seed: 2 }))).tables).not.toEqual(first.tables);
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const work = findReproduction('bpkr/representations').run(
      contextOf({ signal: controller.signal, onProgress: () => controller.abort() }),
    );
    await expect(work).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
  });
});

describe('what needs no files and takes seconds passes its own checks', () => {
  it.each(['gln/streams', 'race/sharing'])(
    '%s',
    async (name) => {
      const { checks } = await findReproduction(name).run(contextOf({ scale: 'quick' }));
      expect(checks.length).toBeGreaterThan(9);
      for (const { what, found, expected, pass } of checks) expect(pass, `${what}: ${found} (${expected})`).toBe(true);
    },
    120_000,
  );
});

describe('writeReproduction', () => {
  it('writes figures, tables, arrays, checks and a report with a line a check', async () => {
    const reproduction = findReproduction('bpkr/representations');
    const result = await reproduction.run(contextOf());
    const files = await writeReproduction(join(folder, 'a'), reproduction, result, 'seed 1');
    const names = (await readdir(join(folder, 'a'))).sort();
    expect(names).toEqual([
      'arrays.npz',
      'checks.csv',
      'checks.json',
      'figure.png',
      'figure.svg',
      'grams.png',
      'grams.svg',
      'report.md',
      'table.csv',
      'table.json',
    ]);
    expect(files).toHaveLength(names.length);
    const report = await readFile(join(folder, 'a', 'report.md'), 'utf8');
    expect(report.match(/^\| (pass|\*\*FAIL\*\*) \|/gm)).toHaveLength(result.checks.length);
    expect(report).toContain('![grams](grams.png)');
    expect(report).toContain(reproduction.title);
  });

  it('says which folder can’t be written', async () => {
    const reproduction = findReproduction('bpkr/representations');
    const taken = join(folder, 'taken');
    await writeFile(taken, '');
    const result = { tables: {}, arrays: {}, figures: {}, checks: [], notes: [] };
    await expect(writeReproduction(taken, reproduction, result, '')).rejects.toMatchObject({
      code: 'GGDLN_STORAGE',
      message: expect.stringContaining(taken),
    });
  });
});
