import { relative, resolve } from 'node:path';
import { inputError } from '@ggdln/core';
import { type RunContent, readRun } from '@ggdln/experiments/node';
import type { Session } from '../command.ts';
import { EXIT_CODES } from '../exitCodes.ts';
import type { Arguments } from '../flags.ts';
import { placeOf } from '../runReporter.ts';
import { describeBytes } from '../sweepSummary.ts';
import { infoJson, stateOf } from './listRuns.ts';

/** `ggdln runs show DIR`: reads every point with its checksums. */
export async function showRun(folders: readonly string[], _args: Arguments, session: Session): Promise<number> {
  if (folders.length !== 1) throw inputError('ggdln runs show', `${folders.length} folders are named`, 'Give one');
  const run = await readRun(resolve(session.cwd, folders[0]));
  session.terminal.out(session.json ? `${JSON.stringify(asJson(run))}\n` : describe(run, session.cwd));
  return run.damaged.length > 0 ? EXIT_CODES.storage : EXIT_CODES.ok;
}

function asJson({ records, failures, damaged, ...info }: RunContent): object {
  return {
    ...infoJson(info),
    spec: info.manifest?.spec ?? null,
    points: records.map(({ id, source, axes }) => ({ id, source, axes })),
    failures: failures.map(({ id, source, axes, error }) => ({ id, source, axes, ...error })),
    damaged,
  };
}

function describe(run: RunContent, cwd: string): string {
  const { manifest, stored, planned, stale, holder } = run;
  const sources = [...new Set(run.records.map(({ source }) => source))];
  const share = (source: string) => {
    const all = manifest?.points.filter((point) => point.source === source).length;
    return `${source} ${run.records.filter((point) => point.source === source).length}${all === undefined ? '' : `/${all}`}`;
  };
  const warnings = new Set(run.records.flatMap((record) => record.warnings.map(({ message }) => message)));
  const lines = [
    `${relative(cwd, run.folder) || '.'}: ${manifest?.title ?? run.name}`,
    `  ${stateOf(run)}${holder === undefined ? '' : ` (${holder})`}, ${stored} of ${planned} points: ${sources.map(share).join(', ')}`,
    ...(manifest
      ? [`  axes: ${axesText(manifest.axes, manifest.points)}`, `  linear algebra: ${manifest.linalg}`]
      : []),
    `  ${describeBytes(run.bytes)}${stale > 0 ? `, with ${stale} points of other versions (ggdln runs prune)` : ''}`,
    ...run.failures.map((failure) => `  ✗ ${placeOf(failure)}  ${failure.error.code}: ${failure.error.problem}`),
    ...run.damaged.map(({ message }) => `  damaged: ${message}`),
    ...[...warnings].map((message) => `  Warning: ${message}`),
  ];
  return `${lines.join('\n')}\n`;
}

function axesText(
  axes: readonly string[],
  points: readonly { readonly axes: Readonly<Record<string, unknown>> }[],
): string {
  if (axes.length === 0) return 'none';
  return axes
    .map((axis) => {
      const values = [...new Set(points.map((point) => point.axes[axis]).filter((value) => value !== undefined))];
      return `${axis} ${values.length > 6 ? `(${values.length} values)` : values.join(', ')}`;
    })
    .join('; ');
}
