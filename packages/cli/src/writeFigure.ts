import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTable, GgdlnError, type JsonObject, type Option, type Registry } from '@ggdln/core';
import { type ExperimentResult, toSpec } from '@ggdln/experiments';
import { type FrameOptions, type SweepAxis, sweepFigure } from '@ggdln/plot';
import { figureToPng, figureToSvg } from '@ggdln/plot/node';
import type { Session } from './command.ts';

/** How the metrics of experiments are titled in figures. */
const FRAMES: Readonly<Record<string, Omit<FrameOptions, 'metric'>>> = {
  bias: { title: 'Bias', note: 'of the mean output', label: 'mean squared error of the mean output' },
  variance: { title: 'Variance', note: 'over the posterior', label: 'mean variance of the output' },
  'generalisation error': { title: 'Generalisation error', note: 'bias + variance', label: 'mean squared error' },
  'error rate': { title: 'Error rate', note: 'sign of the mean prediction', label: 'share of test inputs' },
};

/**
 * Draws the figure of a result into `figure.svg` and `figure.png` of its folder.
 * @returns The full paths; empty when the experiment sweeps nothing that could be drawn against.
 */
export async function writeFigure(
  out: string,
  result: ExperimentResult,
  { registry, version }: Pick<Session, 'registry' | 'version'>,
): Promise<string[]> {
  const { spec } = result;
  const column = spec.figure.x;
  if (column === undefined || result.points.length === 0) return [];
  // A descent ends in one network: the spread of its output over the posterior is not its to tell.
  const rows = result.table.rows.filter(
    (row) => row.role !== 'gradient-descent' || row.metric === 'bias' || row.metric === 'error rate',
  );
  const figure = sweepFigure(createTable(rows, result.table.columns), {
    title: spec.title,
    subtitle: subtitle(result, registry),
    x: axis(column, result, registry),
    frames: spec.figure.metrics.map((metric) => ({ metric, ...(FRAMES[metric] ?? { title: metric, label: metric }) })),
    footer: `${spec.name} · seed ${spec.seed} · ggdln ${version} · ${String((result.provenance.linalg as JsonObject).name)}`,
    width: spec.figure.metrics.length > 1 ? 1040 : 700,
    spec: toSpec(spec) as unknown as JsonObject,
  });
  const svg = await figureToSvg(figure);
  return [await write(out, 'figure.svg', svg), await write(out, 'figure.png', await figureToPng(svg))];
}

/** Titles of data, gates and network, then every option that has a symbol and is not swept: `P = 100 · M = 6 · σ = 1`. */
function subtitle({ spec, table }: ExperimentResult, registry: Registry): string {
  const kinds = ['dataset', 'gating', 'architecture'] as const;
  const titles = kinds.map((kind) => registry.get(kind, spec[kind].use).title);
  const symbols = kinds.flatMap((kind) =>
    Object.entries(registry.get(kind, spec[kind].use).options).flatMap(([name, option]) => {
      const value = spec[kind].options[name];
      const shown = option.symbol && typeof value === 'number' && !table.columns.includes(`${kind}.${name}`);
      return shown ? [`${option.symbol} = ${value}`] : [];
    }),
  );
  return [...titles, ...symbols, `T = ${spec.temperature}`].join(' · ');
}

function axis(column: string, { spec }: ExperimentResult, registry: Registry): SweepAxis {
  const option = optionOf(column, spec, registry);
  const values = (spec.sweep[column] ?? []).map(Number);
  const wide = values.length > 0 && Math.min(...values) > 0 && Math.max(...values) / Math.min(...values) >= 10;
  const log = option && 'scale' in option && option.scale !== undefined ? option.scale === 'log' : wide;
  const label = option ? [option.title.toLowerCase(), option.symbol ?? ''].join(' ').trim() : column;
  return { column, label, ...(option?.unit ? { unit: option.unit } : {}), scale: log && wide ? 'log' : 'linear' };
}

function optionOf(column: string, spec: ExperimentResult['spec'], registry: Registry): Option | undefined {
  const [kind, name] = column.split('.');
  if (kind !== 'dataset' && kind !== 'gating' && kind !== 'architecture') return undefined;
  return registry.get(kind, spec[kind].use).options[name];
}

async function write(folder: string, name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  try {
    await writeFile(path, content);
    return path;
  } catch (cause) {
    throw new GgdlnError({
      code: 'GGDLN_STORAGE',
      where: 'ggdln run',
      problem: `${path} can't be written: ${(cause as Error).message}`,
      cause,
    });
  }
}
