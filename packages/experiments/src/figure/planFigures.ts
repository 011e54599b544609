import {
  canonicalJson,
  createTable,
  type JsonObject,
  type Registry,
  type RoleNames,
  type Row,
  type StudyAxis,
  type Table,
} from '@ggdln/core';
import type { SweepSpec } from '../spec/experimentSpec.ts';
import { type ResolvedSpec, toSpec } from '../spec/resolvedSpec.ts';
import { averageSeeds } from './averageSeeds.ts';
import { describeAxis, sharedParts } from './describeAxis.ts';
import { roleNamesOf } from './roleNamesOf.ts';

/** What a figure of an experiment says and which rows it draws; `sweepFigure` of `@ggdln/plot` takes it from here. */
export interface FigurePlan {
  /** End of the file's name: empty, or the values of the other axes, e.g. `-temperature=0.1`. */
  readonly suffix: string;
  /** Those values in words, e.g. `temperature = 0.1`; empty if there is no other axis. */
  readonly setting: string;
  readonly table: Table;
  readonly title: string;
  readonly subtitle: string;
  readonly x: StudyAxis;
  readonly metrics: readonly string[];
  /** What the legend calls roles, where not by their own names. */
  readonly names: RoleNames;
  /** Experiment, seed, version and backend. */
  readonly footer: string;
  /** Pixels. */
  readonly width: 700 | 1040;
  /** The experiment file that repeats it. */
  readonly spec: JsonObject;
}

/** What is drawn: an experiment and its tidy rows, finished or so far. */
export interface Drawable {
  readonly spec: ResolvedSpec;
  readonly table: Table;
}

/** What figures need besides the result. */
export interface FigureSurroundings {
  readonly registry: Registry;
  /** Version of the program that computed. */
  readonly version: string;
  /** Name of the linear-algebra backend. */
  readonly linalg: string;
}

/**
 * The figures of an experiment: one, or with several axes one for each setting of the others. Seeds are averaged over,
 * unless they are what x shows; axes that move together with x make no further figures. None without an axis or without
 * rows.
 */
export function planFigures({ spec, table: all }: Drawable, surroundings: FigureSurroundings): FigurePlan[] {
  const column = spec.figure.x;
  if (column === undefined || all.rows.length === 0) return [];
  const { registry, version, linalg } = surroundings;
  const seeds = column === 'seed' ? [] : [...new Set(all.rows.map((row) => row.seed))].filter((seed) => seed != null);
  const table = seeds.length > 0 ? averageSeeds(all) : all;
  return settingsBesides(column, table, spec).map((setting) => ({
    suffix: Object.entries(setting)
      .map(([axis, value]) => `-${lastWord(axis)}=${value}`)
      .join(''),
    setting: inWords(setting).join(', '),
    table: createTable(drawnRows(table, setting), table.columns),
    title: spec.title,
    subtitle: subtitle({ spec, table }, registry, setting),
    x: describeAxis(column, spec, registry),
    metrics: spec.figure.metrics,
    names: roleNamesOf(spec, registry),
    footer: `${spec.name} · ${seeds.length > 1 ? `mean of seeds ${seeds.join(', ')}` : `seed ${spec.seed}`} · ggdln ${version} · ${linalg}`,
    width: spec.figure.metrics.length > 1 ? 1040 : 700,
    spec: toSpec(spec) as unknown as JsonObject,
  }));
}

/**
 * Every setting of the other axes that occurs: their values crossed, those of axes that move together side by side. One
 * empty setting when there is no other axis.
 */
function settingsBesides(column: string, table: Table, { together }: ResolvedSpec): Row[] {
  const axes = table.columns.slice(0, table.columns.indexOf('source'));
  const grouped = new Set(together.flatMap((group) => Object.keys(group)));
  const single = axes
    .filter((axis) => axis !== column && !grouped.has(axis))
    .map((axis) =>
      [...new Set(table.rows.map((row) => row[axis]))]
        .filter((value) => value !== null)
        .map((value): Row => ({ [axis]: value })),
    );
  const groups = together.filter((group) => !Object.hasOwn(group, column)).map((group) => rowsOf(group, axes));
  let settings: Row[] = [{}];
  for (const choices of [...single, ...groups]) {
    settings = settings.flatMap((setting) => choices.map((choice) => ({ ...setting, ...choice })));
  }
  return settings;
}

/** The settings of axes that move together, each once. */
function rowsOf(group: SweepSpec, axes: readonly string[]): Row[] {
  const shown = Object.entries(group).filter(([axis]) => axes.includes(axis));
  const rows = (shown[0]?.[1] ?? []).map((_, i) =>
    Object.fromEntries(shown.map(([axis, values]) => [axis, values[i]])),
  );
  return [...new Map(rows.map((row) => [canonicalJson(row), row])).values()];
}

function drawnRows(table: Table, setting: Row): Row[] {
  // Training ends in one network: the spread of its output over the posterior is not its to tell.
  const trained = ({ role }: Row) => role === 'gradient-descent' || role === 'online';
  const drawn = (row: Row) => !trained(row) || (row.metric !== 'variance' && row.metric !== 'generalisation error');
  const here = (row: Row) =>
    Object.entries(setting).every(([axis, value]) => row[axis] === null || row[axis] === value);
  return table.rows.filter((row) => drawn(row) && here(row));
}

/** Titles of data, gates and network, then every option that has a symbol and is not swept: `P = 100 · M = 6 · σ = 1`. */
function subtitle({ spec, table }: Drawable, registry: Registry, setting: Row): string {
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
  // A line may break between parts, never inside one.
  return [...titles, ...symbols, ...temperature, ...inWords(setting)]
    .map((part) => part.replaceAll(' = ', '\u00a0=\u00a0'))
    .join(' · ');
}

const inWords = (setting: Row): string[] =>
  Object.entries(setting).map(([axis, value]) => `${lastWord(axis)} = ${value}`);

const lastWord = (axis: string): string => axis.split('.').at(-1) as string;
