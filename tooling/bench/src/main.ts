import { fork } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allJobs, selectJobs } from './allJobs.ts';
import { type BenchArguments, readArguments, USAGE, UsageError } from './arguments.ts';
import type { Job, Row } from './job.ts';
import { limits } from './limits.ts';
import { describeCommit, describeMachine } from './machine.ts';
import { benchmarkPage } from './page.ts';
import { readRows } from './rows.ts';
import { textTable } from './table.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    say(USAGE);
    return 0;
  }
  const asked = readArguments(args);
  const jobs = await allJobs(say);
  const chosen = selectJobs(jobs, asked);
  if (asked.list) {
    for (const job of jobs) say(`${job.name}${job.long ? ' (only by name or with --all)' : ''}: ${job.title}`);
    return 0;
  }
  say(describeMachine());
  // What has been timed is kept, should the run be interrupted.
  const keep = (rows: readonly Row[]) => asked.json && write(asked.json, `${JSON.stringify(rows, null, 2)}\n`);
  const { rows, failed } = asked.rows.length > 0 ? earlier(asked.rows) : await runAll(asked, args, keep);
  say(`\n${textTable(rows, jobs)}`);
  const left = jobs.filter((job) => job.long && !chosen.includes(job));
  if (left.length > 0)
    say(`\nLong jobs that were not asked for: ${left.map((job) => job.name).join(', ')} (--all, or --only).`);
  keep(rows);
  if (asked.page) write(asked.page, pageOf(rows, jobs));
  for (const file of [asked.json, asked.page]) if (file) say(`wrote ${file}`);
  return failed > 0 ? 1 : 0;
}

function earlier(files: readonly string[]): { rows: Row[]; failed: number } {
  return {
    rows: readRows(files.map((file) => fromHere(file)).map((file) => [file, readFileSync(file, 'utf8')])),
    failed: 0,
  };
}

function pageOf(rows: readonly Row[], jobs: readonly Job[]): string {
  const date = new Date().toISOString().slice(0, 10);
  return benchmarkPage(rows, jobs, { machine: describeMachine(), commit: describeCommit(), date, limits });
}

/** @param keep Told of all rows whenever there are more. */
async function runAll(
  asked: BenchArguments,
  args: readonly string[],
  keep: (rows: readonly Row[]) => void,
): Promise<{ rows: Row[]; failed: number }> {
  const rows: Row[] = [];
  let failed = 0;
  const take = (more: readonly Row[]) => {
    rows.push(...more);
    keep(rows);
  };
  for (const threads of asked.threads) failed += await runChild(args, threads, take);
  const rank = (row: Row) => rows.findIndex((other) => other.job === row.job && other.size === row.size);
  return { rows: [...rows].sort((a, b) => rank(a) - rank(b)), failed };
}

type Message = { readonly rows?: readonly Row[]; readonly note?: string; readonly failed?: number };

/** Runs the jobs at one thread count in a process of its own; resolves to how many failed. */
function runChild(args: readonly string[], threads: number, take: (rows: readonly Row[]) => void): Promise<number> {
  const count = String(threads);
  const child = fork(fileURLToPath(import.meta.url).replace(/main\.js$/, 'child.js'), [...args, '--threads', count], {
    env: { ...process.env, OPENBLAS_NUM_THREADS: count, OMP_NUM_THREADS: count, VECLIB_MAXIMUM_THREADS: count },
  });
  let failed: number | undefined;
  child.on('message', (message: Message) => {
    if (message.note !== undefined) say(message.note);
    if (message.failed !== undefined) failed = message.failed;
    if (message.rows) take(message.rows);
    for (const row of message.rows ?? []) {
      const ratio = row.ratio === null ? '' : `, ${row.ratio.toPrecision(3)} × ${row.peerName}`;
      say(`${row.job} ${row.size} on ${row.threads} thread(s): ${row.ours.toPrecision(3)} ${row.unit}${ratio}`);
    }
  });
  return new Promise((done) => child.on('close', () => done(failed ?? 1)));
}

/** Paths are relative to where the user stands, which npm keeps in INIT_CWD. */
function fromHere(file: string): string {
  return resolve(process.env.INIT_CWD ?? process.cwd(), file);
}

function write(file: string, text: string): void {
  const path = fromHere(file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
