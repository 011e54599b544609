import { createTable, type Table } from '@ggdln/core';
import { type NamedFile, writeFiles } from '@ggdln/experiments/node';
import { encodeCsv, encodeNpz } from '@ggdln/io';
import { figureToPng, figureToSvg } from '@ggdln/plot/node';
import type { Reproduction, ReproductionResult } from '../reproduction.ts';
import { markdownReport } from './describeReport.ts';

/**
 * Writes a result: each figure as SVG and PNG, each table as CSV and JSON, `checks.csv` and `checks.json`, all arrays in
 * `arrays.npz` (if there are any), and `report.md`.
 * @param footer What stands below the report: versions, seed, backend.
 * @returns The full paths.
 * @throws GGDLN_STORAGE.
 */
export async function writeReproduction(
  dir: string,
  reproduction: Reproduction,
  result: ReproductionResult,
  footer: string,
): Promise<string[]> {
  const files: NamedFile[] = [];
  for (const [name, figure] of Object.entries(result.figures)) {
    const svg = await figureToSvg(figure);
    files.push([`${name}.svg`, svg], [`${name}.png`, await figureToPng(svg)]);
  }
  const checks = createTable(
    result.checks.map((check) => ({ ...check })),
    ['what', 'expected', 'found', 'stderr', 'pass'],
  );
  for (const [name, table] of Object.entries({ ...result.tables, checks })) {
    files.push([`${name}.csv`, encodeCsv(table)], [`${name}.json`, tableJson(table)]);
  }
  if (Object.keys(result.arrays).length > 0) files.push(['arrays.npz', encodeNpz(npyArrays(result))]);
  files.push(['report.md', `${markdownReport(reproduction, result, footer)}\n`]);
  return writeFiles(dir, files);
}

function npyArrays({ arrays }: ReproductionResult): Parameters<typeof encodeNpz>[0] {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { rows, cols, data }]) => [
      name,
      { dtype: 'float64', shape: [rows, cols], data } as const,
    ]),
  );
}

function tableJson({ columns, rows }: Table): string {
  return `${JSON.stringify({ columns, rows }, undefined, 1)}\n`;
}
