// @vitest-environment jsdom
import { createRegistry, type RunView } from '@ggdln/core';
import { decodeCsv, decodeNpz } from '@ggdln/io';
import { standardPlugins } from '@ggdln/standard';
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { emptyView, frameOf } from '../../src/engine/runView.ts';
import { type ExportedRun, linalgName } from '../../src/export/exportedRun.ts';
import { figuresOf } from '../../src/export/figures.ts';
import { archiveOf, arraysFile, specFile, tableFile } from '../../src/export/files.ts';
import { ownFilesOf } from '../../src/export/ownFilesOf.ts';
import { galleryItems } from '../../src/gallery/items/index.ts';

const registry = createRegistry(standardPlugins);
const width = 'architecture.width';
const [{ spec }] = galleryItems;

function exported(changes: Partial<RunView> = {}): ExportedRun {
  const row = (x: number, role: string, metric: string, value: number, stderr: number | null) => ({
    [width]: x,
    source: role,
    role,
    metric,
    value,
    stderr,
  });
  const rows = [10, 100].flatMap((x) =>
    ['bias', 'variance'].flatMap((metric) => [
      row(x, 'theory', metric, 1 + 1 / x, null),
      row(x, 'exact-sampling', metric, 1 + 1 / x, 0.01),
    ]),
  );
  const mean = { rows: 1, cols: 2, data: Float64Array.of(0.5, -0.25) };
  const point = {
    source: 'block-gibbs',
    axes: { [width]: 10 },
    arrays: { mean },
  } as unknown as RunView['points'][number];
  const view = { ...emptyView, ...frameOf(spec, registry), rows, points: [point], ...changes };
  return { view, registry, version: '1.2.3', linalg: 'wasm' };
}

test('the figure says what it shows and holds the experiment that repeats it', () => {
  const [file, ...others] = figuresOf(exported(), document);
  expect([file.name, others]).toEqual(['does-width-help.svg', []]);
  const svg = new DOMParser().parseFromString(String(file.content), 'image/svg+xml');
  expect(svg.querySelector('parsererror')).toBeNull();
  expect(svg.querySelector('title')?.textContent).toBe('Does width help?');
  expect(svg.querySelector('desc')?.textContent).toContain('Bias');
  expect(JSON.parse(svg.querySelector('metadata')?.textContent ?? '')).toMatchObject({
    linalg: 'wasm',
    seed: spec.seed,
  });
  expect(svg.documentElement.textContent).toMatch(/ggdln\s1\.2\.3\s·\swasm/);
});

test('table, arrays and experiment can be read back', () => {
  const run = exported();
  expect(decodeCsv(String(tableFile(run).content)).rows).toEqual(run.view.rows);
  const arrays = decodeNpz(arraysFile(run).content as Uint8Array);
  expect(arrays['block-gibbs/width=10/mean']).toMatchObject({ shape: [1, 2], data: Float64Array.of(0.5, -0.25) });
  expect(parse(String(specFile(run).content))).toMatchObject({ ...spec, linalg: 'wasm' });
});

test('a backend that the experiment names stays', () => {
  const run = exported({ spec: { ...spec, linalg: 'ml-matrix' } });
  expect(parse(String(specFile(run).content))).toMatchObject({ linalg: 'ml-matrix' });
});

test('an archive holds its files as they are', () => {
  const run = exported();
  const archive = unzipSync(archiveOf('all', [tableFile(run), specFile(run)]).content as Uint8Array);
  expect(new TextDecoder().decode(archive['does-width-help.csv'])).toBe(tableFile(run).content);
  expect(Object.keys(archive)).toEqual(['does-width-help.csv', 'does-width-help.yaml']);
});

test('the backend is known by its description, the user’s files by the experiment', () => {
  expect(linalgName('float64, wasm', registry)).toBe('wasm');
  expect(linalgName(undefined, registry)).toBe('auto');
  expect(ownFilesOf({ dataset: { use: 'table', file: 'a.csv', sha256: 'ff' } })).toEqual([
    { name: 'a.csv', sha256: 'ff' },
  ]);
  expect(ownFilesOf(spec)).toEqual([]);
});
