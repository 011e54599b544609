import { relative, resolve } from 'node:path';
import { inputError } from '@ggdln/core';
import { type PruneReport, pruneRun } from '@ggdln/experiments/node';
import type { Session } from '../command.ts';
import { EXIT_CODES } from '../exitCodes.ts';
import { type Arguments, isOn } from '../flags.ts';
import { describeBytes } from '../sweepSummary.ts';

/** `ggdln runs prune DIR… [--failures] [--yes]`. */
export async function pruneRuns(folders: readonly string[], args: Arguments, session: Session): Promise<number> {
  if (folders.length === 0) throw inputError('ggdln runs prune', 'no folder is named', 'Give the folders of runs');
  const remove = isOn(args, 'yes');
  const reports: PruneReport[] = [];
  for (const folder of folders) {
    reports.push(await pruneRun(resolve(session.cwd, folder), { failures: isOn(args, 'failures'), remove }));
  }
  session.terminal.out(
    session.json
      ? `${JSON.stringify({ removed: remove, runs: reports })}\n`
      : `${reports.map((report) => describe(report, remove, session.cwd)).join('\n')}\n`,
  );
  return EXIT_CODES.ok;
}

function describe(
  { folder, stale, damaged, failures, leftover, bytes }: PruneReport,
  removed: boolean,
  cwd: string,
): string {
  const parts = [
    [stale.length, 'points of other versions'],
    [damaged.length, 'damaged points'],
    [failures.length, 'failures'],
    [leftover.length, 'files of killed processes'],
  ] as const;
  const found = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const place = relative(cwd, folder) || '.';
  if (found.length === 0) return `${place}: nothing to clear up`;
  const what = `${found.join(', ')} (${describeBytes(bytes)})`;
  return removed ? `${place}: deleted ${what}` : `${place}: ${what}; --yes deletes them`;
}
