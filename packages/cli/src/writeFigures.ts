import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createTable,
  GgdlnError,
  isGgdlnError,
  type JsonObject,
  type Option,
  type Registry,
  type Row,
  type Table,
} from '@ggdln/core';
import { type ExperimentResult, isPerLayer, toSpec } from '@ggdln/experiments';
import { type FrameOptions, type SweepAxis, sweepFigure } from '@ggdln/plot';
import { figureToPng, figureToSvg } from '@ggdln/plot/node';
import type { Session } from './command.ts';

/** How the metrics of experiments are titled in figures. */
const FRAMES: Readonly<Record<string, Omit<FrameOptions, 'metric'>>> = {
  bias: { title: 'Bias', note: 'of the mean output', label: 'mean squared error of the mean output' },
  variance: { title: 'Variance', note: 'over the posterior', label: 'mean variance of the output' },
  'generalisation error': { title: 'Generalisation error', note: 'bias + variance', label: 'mean squared error' },
  'error rate': { title: 'Error rate', note: 'sign of the mean prediction', label: 'share of test inputs' },
  accuracy: { title: 'Accuracy', note: 'of test inputs', label: 'share of test inputs' },
  'log loss': { title: 'Log loss', note: 'of test inputs', label: 'mean −ln p' },
  'online accuracy': { title: 'Online accuracy', note: 'before learning', label: 'share of the last training inputs' },
  'online log loss': { title: 'Online log loss', note: 'before learning', label: 'mean −ln p' },
};

/** More settings than this are for the table to tell. */
const MOST_FIGURES = 12;

/** What figures need besides the result. */
interface Surroundings extends Pick<Session, 'registry' | 'version'> {
  /** Hears why there is no figure, or fewer than settings. */
  note(text: string): void;
}

/**
 * Draws a result into its folder: `figure.svg` and `figure.png`, or with several axes one figure for each setting of
 * the others, e.g. `figure-temperature=0.1.svg`. What can't be drawn is said and costs nothing else.
 * @returns The full paths.
 */
export async function writeFigures(
  out: string,
  result: ExperimentResult,
  surroundings: Surroundings,
): Promise<string[]> {
  const { note } = surroundings;
  const column = result.spec.figure.x;
  if (column === undefined || result.points.length === 0) return [];
  const settings = settingsBesides(column, result.table);
  if (settings.length > MOST_FIGURES)
    note(`Drawing ${MOST_FIGURES} of ${settings.length} figures; all numbers are in table.csv`);
  const files: string[] = [];
  for (const setting of settings.slice(0, MOST_FIGURES)) {
    try {
      files.push(...(await writeFigure(out, { result, column, setting }, surroundings)));
    } catch (error) {
      if (!isGgdlnError(error) || error.code === 'GGDLN_STORAGE') throw error;
      note(`No figure${describeSetting(setting)}: ${error.problem}`);
    }
  }
  return files;
}

/** One figure: a result, the axis drawn on x, and the values of the other axes. */
interface Drawing {
  readonly result: ExperimentResult;
  readonly column: string;
  readonly setting: Row;
}

async function writeFigure(
  out: string,
  { result, column, setting }: Drawing,
  { registry, version }: Surroundings,
): Promise<string[]> {
  const { spec, table } = result;
  // Training ends in one network: the spread of its output over the posterior is not its to tell.
  const trained = ({ role }: Row) => role === 'gradient-descent' || role === 'online';
  const drawn = (row: Row) => !trained(row) || (row.metric !== 'variance' && row.metric !== 'generalisation error');
  const here = (row: Row) =>
    Object.entries(setting).every(([axis, value]) => row[axis] === null || row[axis] === value);
  const rows = table.rows.filter((row) => drawn(row) && here(row));
  const figure = sweepFigure(createTable(rows, table.columns), {
    title: spec.title,
    subtitle: subtitle(result, registry, setting),
    x: axis(column, result, registry),
    frames: spec.figure.metrics.map((metric) => ({ metric, ...(FRAMES[metric] ?? { title: metric, label: metric }) })),
    footer: `${spec.name} · seed ${spec.seed} · ggdln ${version} · ${String((result.provenance.linalg as JsonObject).name)}`,
    width: spec.figure.metrics.length > 1 ? 1040 : 700,
    spec: toSpec(spec) as unknown as JsonObject,
  });
  const svg = await figureToSvg(figure);
  const name = `figure${settingName(setting)}`;
  return [await write(out, `${name}.svg`, svg), await write(out, `${name}.png`, await figureToPng(svg))];
}

/** Every combination of the other axes' values that occurs; one empty setting when there is no other axis. */
function settingsBesides(column: string, table: Table): Row[] {
  const others = table.columns.slice(0, table.columns.indexOf('source')).filter((axis) => axis !== column);
  let settings: Row[] = [{}];
  for (const axis of others) {
    const values = [...new Set(table.rows.map((row) => row[axis]))].filter((value) => value !== null);
    settings = settings.flatMap((setting) => values.map((value) => ({ ...setting, [axis]: value })));
  }
  return settings;
}

/** ` for width = 20, temperature = 0.1`, or nothing. */
function describeSetting(setting: Row): string {
  const parts = Object.entries(setting).map(([axis, value]) => `${axis.split('.').at(-1)} = ${value}`);
  return parts.length === 0 ? '' : ` for ${parts.join(', ')}`;
}

function settingName(setting: Row): string {
  return Object.entries(setting)
    .map(([axis, value]) => `-${axis.split('.').at(-1)}=${value}`)
    .join('');
}

/** Titles of data, gates and network, then every option that has a symbol and is not swept: `P = 100 · M = 6 · σ = 1`. */
function subtitle({ spec, table }: ExperimentResult, registry: Registry, setting: Row): string {
  const parts = sharedParts(spec);
  const titles = new Set(parts.map(({ kind, part }) => registry.get(kind, part.use).title));
  const symbols = parts.flatMap(({ kind, part, prefix }) =>
    Object.entries(registry.get(kind, part.use).options).flatMap(([name, option]) => {
      const value = part.options[name];
      const shown = option.symbol && typeof value === 'number' && !table.columns.includes(`${prefix}.${name}`);
      return shown ? [`${option.symbol} = ${value}`] : [];
    }),
  );
  const temperature = table.columns.includes('temperature') ? [] : [`T = ${spec.temperature}`];
  const fixed = Object.entries(setting).map(([axis, value]) => `${axis.split('.').at(-1)} = ${value}`);
  // A line may break between parts, never inside one.
  return [...titles, ...symbols, ...temperature, ...fixed]
    .map((part) => part.replaceAll(' = ', '\u00a0=\u00a0'))
    .join(' · ');
}

/** Dataset, gating (each layer's, where they differ) and architecture, with where their options are in axes. */
function sharedParts(spec: ExperimentResult['spec']) {
  const kinds = ['dataset', 'gating', 'architecture'] as const;
  return kinds.flatMap((kind) => {
    const part = spec[kind];
    if (!isPerLayer(part)) return [{ kind, part, prefix: kind }];
    return part.map((layer, index) => ({ kind, part: layer, prefix: `${kind}.${index}` }));
  });
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
  const owner = sharedParts(spec).find(({ prefix }) => column.startsWith(`${prefix}.`));
  return owner && registry.get(owner.kind, owner.part.use).options[column.slice(owner.prefix.length + 1)];
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
