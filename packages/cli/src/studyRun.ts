import { relative, resolve } from 'node:path';
import { isGgdlnError, type Json, type JsonObject, type Registry } from '@ggdln/core';
import {
  overrideStudy,
  type ResolvedStudy,
  resolveStudy,
  runStudy,
  type StudyFile,
  type StudyRun,
  toStudySpec,
} from '@ggdln/experiments';
import { writeFiles, writeStudy } from '@ggdln/experiments/node';
import type { Session } from './command.ts';
import { schemaFlags } from './entryFlags.ts';
import { EXIT_CODES } from './exitCodes.ts';
import { type Arguments, type Flag, flagValue, isOn } from './flags.ts';
import { openExecutor } from './jobs.ts';
import { loadPlot } from './loadPlot.ts';
import { memoryLimit } from './memory.ts';
import { withError } from './runSummary.ts';
import { splitPair } from './splitPair.ts';
import { alignColumns, createProgressLine } from './terminal.ts';

const where = 'ggdln run';

/** The flags that change a study; its options are among them. */
export function studyFlags({ spec }: StudyFile, registry: Registry): Flag[] {
  const { use } = spec.study;
  // An unknown study has no flags; `resolveStudy` says so with its place.
  const known = registry.list('study').find(({ name }) => name === use);
  return [
    { name: 'set', value: 'PATH=VALUE', repeatable: true, help: 'Override any value, e.g. study.start=2.5' },
    { name: 'seed', value: 'N', help: 'Seed of everything random' },
    ...(known ? schemaFlags(known.entry.options, 'study', `Options of the study ${use}`) : []),
  ];
}

/** Runs the study of a file with what flags change of it, or shows it with `--dry-run`. */
export async function runStudyFile(file: StudyFile, args: Arguments, session: Session): Promise<number> {
  const { registry, terminal, json, cwd } = session;
  const spec = resolveStudy(withFlags(file, args), registry);
  if (isOn(args, 'dry-run')) {
    terminal.out(`${JSON.stringify(spec, null, json ? 0 : 2)}\n`);
    return EXIT_CODES.ok;
  }
  const out = resolve(cwd, flagValue(args, 'out') ?? `runs/${spec.name}`);
  const run = await compute(spec, out, args, session);
  const files = [
    ...(await drawFigure(out, run, session)),
    ...(await writeStudy(out, run, { versions: { ggdln: session.version } })),
  ];
  const { table, diagnostics, warnings } = run;
  const document = { name: spec.name, out, files, rows: table.rows, diagnostics, warnings };
  terminal.out(json ? `${JSON.stringify(document)}\n` : describe(run, out, files, cwd));
  return EXIT_CODES.ok;
}

/** The study with what flags change of it; messages about that name the flag. */
function withFlags(file: StudyFile, args: Arguments): StudyFile {
  const values: Record<string, Json> = {};
  const givenBy: Record<string, string> = {};
  for (const [name, given] of args.flags) {
    if (name !== 'seed' && !name.startsWith('study.')) continue;
    values[name] = given.at(-1) as string;
    givenBy[name] = `--${name}`;
  }
  for (const pair of args.flags.get('set') ?? []) {
    const [path, value] = splitPair(pair, '--set', where);
    values[path] = value;
    givenBy[path] = `--set ${path}`;
  }
  return overrideStudy(file, values, givenBy);
}

async function compute(spec: ResolvedStudy, out: string, args: Arguments, session: Session): Promise<StudyRun> {
  const { registry, terminal, signal, linalg } = session;
  const { backend, reason } = await linalg(spec.linalg === 'auto' ? undefined : spec.linalg);
  const line = createProgressLine(terminal);
  line.note(`${spec.title}\nLinear algebra: ${reason}`);
  try {
    return await runStudy(spec, {
      registry,
      linalg: backend,
      signal,
      memoryLimit: memoryLimit(),
      onProgress: (progress) => line.report(progress),
      onWarning: ({ message }) => line.note(`  Warning: ${message}`),
      executor: (parts) => {
        const note = (text: string) => line.note(text);
        return openExecutor({ points: [], parts, plugins: [], linalg: backend.name, folder: out, note }, args, session);
      },
    });
  } finally {
    line.end();
  }
}

/** What can't be drawn is said and costs nothing else. */
async function drawFigure(
  out: string,
  { spec, table, provenance }: StudyRun,
  { registry, terminal, version }: Session,
): Promise<string[]> {
  const { axis, metrics, groupBy, roleNames } = registry.get('study', spec.use);
  const { sweepFigure, figureToSvg, figureToPng } = await loadPlot();
  try {
    const figure = sweepFigure(table, {
      title: spec.title,
      subtitle: subtitleOf(spec, registry),
      x: axis,
      frames: metrics,
      ...(groupBy === undefined ? {} : { groupBy }),
      ...(roleNames === undefined ? {} : { names: roleNames }),
      footer: `${spec.name} · seed ${spec.seed} · ggdln ${version} · ${String((provenance.linalg as JsonObject).name)}`,
      width: metrics.length > 1 ? 1040 : 700,
      spec: toStudySpec(spec) as unknown as JsonObject,
    });
    const svg = await figureToSvg(figure);
    return await writeFiles(out, [
      ['figure.svg', svg],
      ['figure.png', await figureToPng(svg)],
    ]);
  } catch (error) {
    if (!isGgdlnError(error) || error.code === 'GGDLN_STORAGE') throw error;
    if (!terminal.quiet) terminal.err(`No figure: ${error.problem}\n`);
    return [];
  }
}

/** Every option that has a symbol: `M = 7 · K = 4`. */
function subtitleOf({ use, options }: ResolvedStudy, registry: Registry): string {
  return Object.entries(registry.get('study', use).options)
    .flatMap(([name, { symbol, unit }]) => {
      const value = options[name];
      return symbol && typeof value === 'number' ? [`${symbol} = ${value}${unit ? ` ${unit}` : ''}`] : [];
    })
    .join(' · ')
    .replaceAll(' = ', '\u00a0=\u00a0');
}

function describe({ diagnostics }: StudyRun, out: string, files: readonly string[], cwd: string): string {
  const rows = Object.entries(diagnostics).map(([name, { value, stderr = null }]) => [name, withError(value, stderr)]);
  const numbers = rows.length > 0 ? `${alignColumns(['number', 'value(s.e.)'], rows)}\n\n` : '';
  const place = relative(cwd, out) || '.';
  return `\n${numbers}Written to ${place}: ${files.map((file) => relative(out, file)).join(', ')}\n`;
}
