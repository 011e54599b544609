import { relative } from 'node:path';
import type { Row } from '@ggdln/core';
import type { ExperimentResult } from '@ggdln/experiments';
import type { Session } from './command.ts';
import { alignColumns } from './terminal.ts';

/** The text that ends `ggdln run`: the comparison with z-scores, what it means, where the files are, what to try next. */
export function describeResult(
  result: ExperimentResult,
  out: string,
  files: readonly string[],
  { cwd, terminal }: Pick<Session, 'cwd' | 'terminal'>,
): string {
  const place = (path: string) => relative(cwd, path) || '.';
  const parts = [
    comparisonText(result),
    samplersText(result),
    result.notes.map((note) => `  ${note}`).join('\n'),
    `Written to ${place(out)}: ${files.map((file) => relative(out, file)).join(', ')}`,
    terminal.quiet ? '' : nextCommands(result.spec.seed, place(out), files.map(place)),
  ];
  return `\n${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/**
 * A number with its standard error in the last digits, e.g. `0.8170(9)`; four significant digits without one.
 * @param stderr Standard error; `null` when there is none.
 */
export function withError(value: number, stderr: number | null): string {
  if (stderr === null || stderr === 0) return Number(value.toPrecision(4)).toString();
  const digits = Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(stderr))));
  return `${value.toFixed(digits)}(${Math.round(stderr * 10 ** digits)})`;
}

function comparisonText({ comparison, table }: ExperimentResult): string {
  const axes = table.columns.slice(0, table.columns.indexOf('source'));
  const rows = comparison.rows.filter(
    (row) => row.theoryRole === 'theory' && (row.metric === 'bias' || row.metric === 'variance'),
  );
  const shown = rows.filter((row) => !(row.role === 'gradient-descent' && row.metric === 'variance'));
  if (shown.length === 0) return '';
  const several = new Set(shown.map((row) => row.theory)).size > 1;
  const header = [
    'metric',
    'source',
    ...(several ? ['against'] : []),
    ...axes.map((axis) => axis.split('.').at(-1) as string),
    'theory',
    'measured(s.e.)',
    'difference',
    '%',
    'z',
  ];
  const order = (row: Row) => `${row.metric} ${row.source} ${row.theory}`;
  const sorted = [...shown].sort((a, b) => order(a).localeCompare(order(b)));
  const lines = sorted.map((row) => [
    String(row.metric),
    String(row.source),
    ...(several ? [String(row.theory)] : []),
    ...axes.map((axis) => String(row[axis] ?? '')),
    Number(Number(row.theoryValue).toPrecision(5)).toString(),
    withError(Number(row.value), row.stderr as number | null),
    signed(row.difference, 2),
    signed(row.relativePercent, 2),
    row.z === null ? '' : signed(row.z, 2),
  ]);
  return alignColumns(header, lines, several ? 3 : 2);
}

const LEGEND =
  'R̂ is 1 when chains agree; ESS: draws that count as independent; virial: an average that is 0 in the exact posterior.';

/** How well each chain mixed: R̂ (1 when chains agree), effective sample size, and the virial identity (0 if exact). */
function samplersText({ diagnostics }: ExperimentResult): string {
  const axes = diagnostics.columns.slice(0, diagnostics.columns.indexOf('source'));
  const places = new Map<string, Row[]>();
  for (const row of diagnostics.rows) {
    if (row.role !== 'exact-sampling' && row.role !== 'langevin') continue;
    const key = JSON.stringify([row.source, ...axes.map((axis) => row[axis])]);
    places.set(key, [...(places.get(key) ?? []), row]);
  }
  if (places.size === 0) return '';
  const lines = [...places.values()].map((rows) => {
    const find = (metric: string) => rows.find((row) => row.metric === metric);
    const number = (metric: string, digits: number) => Number(find(metric)?.value ?? Number.NaN).toFixed(digits);
    const virial = find('virial');
    const place = axes.map((axis) => String(rows[0][axis] ?? ''));
    const identity = typeof virial?.value === 'number' ? withError(virial.value, virial.stderr as number | null) : '';
    return [String(rows[0].source), ...place, number('rhat', 3), number('essMin', 0), number('essMedian', 0), identity];
  });
  const header = [
    'sampler',
    ...axes.map((axis) => axis.split('.').at(-1) as string),
    'R̂',
    'ESS min',
    'ESS median',
    'virial(s.e.)',
  ];
  return `${alignColumns(header, lines, 1)}\n${LEGEND}`;
}

function signed(value: unknown, digits: number): string {
  if (typeof value !== 'number') return '';
  const text = Number(Math.abs(value).toPrecision(digits)).toString();
  return `${value < 0 ? '−' : '+'}${text}`;
}

function nextCommands(seed: number, out: string, files: readonly string[]): string {
  // Started through npm, from a checkout, the command is reached through npm too.
  const checkout = process.env.npm_lifecycle_event !== undefined;
  const command = checkout ? 'npm run --silent ggdln --' : 'ggdln';
  const figure = files.find((file) => file.endsWith('.png'));
  return [
    'Next:',
    ...(figure ? [`  look at ${figure}`] : []),
    `  python3 -c "import numpy; print(list(numpy.load('${out}/arrays.npz')))"`,
    `  ${command} run ${out}/spec.resolved.yaml --seed ${seed + 1} --out ${out}-seed-${seed + 1}`,
    ...(checkout ? [`  ${command} run --plugin ./examples/plugin-gating --help`] : []),
    `  ${command} plugins list`,
  ].join('\n');
}
