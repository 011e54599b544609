import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { inputError, isGgdlnError } from '@ggdln/core';
import { findRuns, inspectRun, type RunInfo } from '@ggdln/experiments/node';
import type { Session } from '../command.ts';
import { EXIT_CODES } from '../exitCodes.ts';
import type { Arguments } from '../flags.ts';
import { describeBytes } from '../sweepSummary.ts';
import { alignColumns } from '../terminal.ts';

/** `ggdln runs list [DIR…]`. @throws GGDLN_INPUT for a folder that isn't there; runs/ itself may be. */
export async function listRuns(folders: readonly string[], _args: Arguments, session: Session): Promise<number> {
  const { terminal, cwd, json } = session;
  const places = folders.length === 0 ? ['runs'] : folders;
  const missing = folders.find((folder) => !existsSync(resolve(cwd, folder)));
  if (missing !== undefined) {
    const problem = `there is no folder ${resolve(cwd, missing)}`;
    throw inputError('ggdln runs list', problem, 'Give folders that hold runs, or none for runs/');
  }
  const found = (await Promise.all(places.map((place) => findRuns(resolve(cwd, place))))).flat();
  const runs: RunInfo[] = [];
  for (const folder of new Set(found)) {
    try {
      runs.push(await inspectRun(folder));
    } catch (error) {
      if (!isGgdlnError(error)) throw error;
      terminal.err(`${error.message}\n`);
    }
  }
  if (json) terminal.out(`${JSON.stringify(runs.map(infoJson))}\n`);
  else if (runs.length === 0) terminal.out(`No runs in ${places.join(', ')}\n`);
  else terminal.out(`${runsTable(runs, cwd)}\n`);
  return EXIT_CODES.ok;
}

/** What `--json` says of a run: all but the plan of its points. */
export function infoJson({ manifest, ...info }: RunInfo): object {
  return {
    ...info,
    title: manifest?.title ?? null,
    state: stateOf(info),
    changed: info.changed?.toISOString() ?? null,
  };
}

function runsTable(runs: readonly RunInfo[], cwd: string): string {
  const header = ['run', 'state', 'points', 'failed', 'size', 'last point', 'title'];
  const rows = runs.map((run) => [
    relative(cwd, run.folder) || '.',
    stateOf(run),
    `${run.stored}/${run.planned}`,
    String(run.failed),
    describeBytes(run.bytes),
    run.changed?.toISOString().slice(0, 16).replace('T', ' ') ?? '',
    run.manifest?.title ?? '',
  ]);
  return alignColumns(header, rows, 2);
}

/** How far a run is, in a word. */
export function stateOf({ holder, stored, failed, planned }: Omit<RunInfo, 'manifest'>): string {
  if (holder !== undefined) return 'running';
  if (stored === planned) return 'complete';
  return stored + failed === planned ? 'failures' : 'unfinished';
}
