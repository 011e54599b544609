import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { GgdlnError, inputError, type Json } from '@ggdln/core';
import { type CaseReport, type FixtureReport, toVerifyDocument, verifyFixture } from '@ggdln/experiments';
import type { Command, Session } from '../command.ts';
import { EXIT_CODES } from '../exitCodes.ts';
import type { Arguments } from '../flags.ts';
import { createProgressLine } from '../terminal.ts';

/** `ggdln verify FILE…`: the conformance door for independent numbers. */
export const verifyCommand: Command = {
  name: 'verify',
  usage: 'verify FILE.json…',
  summary: 'Compute every case of a fixture file and compare',
  description:
    'Computes each case of a fixture file by its `compute` field and compares with `expected` within `tolerance`.\n' +
    'Prints a line a case, and beneath those that disagree a line a key: the worst number, what was expected, by how much\n' +
    'it is off and what is allowed. Ends with code 1 if a case disagrees or fails to compute.\n' +
    'With --json: {"cases": [{"name", "compute", "status", "computed", "error"}]}, also without `expected`.',
  flags: () => [],
  run: verify,
};

async function verify(args: Arguments, session: Session): Promise<number> {
  if (args.positionals.length === 0)
    throw inputError('ggdln verify', 'no file is named', 'Give one or more fixture files');
  const { backend } = await session.linalg();
  const reports: FixtureReport[] = [];
  for (const file of args.positionals) reports.push(await verifyFile(file, backend, session));
  if (session.json) {
    const cases = reports.flatMap((report) => toVerifyDocument(report).cases as Json[]);
    session.terminal.out(`${JSON.stringify({ cases })}\n`);
  }
  return reports.some(({ counts }) => counts.failed + counts.errors > 0) ? EXIT_CODES.failed : EXIT_CODES.ok;
}

async function verifyFile(
  file: string,
  linalg: Awaited<ReturnType<Session['linalg']>>['backend'],
  session: Session,
): Promise<FixtureReport> {
  const line = createProgressLine(session.terminal);
  const document = readJson(file, session.cwd);
  if (!session.json) session.terminal.out(`${file}\n`);
  const { registry, files, signal } = session;
  let done = 0;
  const report = await verifyFixture(document, {
    registry,
    linalg,
    files,
    signal,
    onCase: (item) => {
      done += 1;
      line.report({ stage: item.compute, done, unit: 'cases' });
      line.end();
      if (!session.json) session.terminal.out(`${describeCase(item)}\n`);
    },
  });
  if (!session.json) session.terminal.out(`${describeCounts(report)}\n`);
  return report;
}

/** One line; beneath a case that disagrees, one a key. */
function describeCase(item: CaseReport): string {
  const name = `${item.compute}  ${item.name}`;
  if (item.status === 'unsupported') return `  – ${name}  unsupported: ${item.error ?? ''}`;
  if (item.status === 'error') return `  ✗ ${name}  ${item.error ?? ''}`;
  if (!item.check) return `  · ${name}  computed, nothing to compare with`;
  const { passed, failures, rounded } = item.check;
  const lines = [...failures, ...rounded.map((text) => `${text}; no farther than rounding carries it`)];
  return [`  ${passed ? '✓' : '✗'} ${name}`, ...lines.map((line) => `      ${line}`)].join('\n');
}

function describeCounts({ counts }: FixtureReport): string {
  const parts = Object.entries(counts).filter(([what, count]) => count > 0 || what === 'passed' || what === 'failed');
  return parts.map(([what, count]) => `${count} ${what}`).join(', ');
}

function readJson(file: string, cwd: string): Json {
  const path = resolve(cwd, file);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Json;
  } catch (cause) {
    throw new GgdlnError({
      code: 'GGDLN_DATA',
      where: 'ggdln verify',
      problem: `${file} can't be read as JSON: ${(cause as Error).message}`,
      cause,
    });
  }
}
