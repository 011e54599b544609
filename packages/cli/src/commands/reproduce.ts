import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canonicalJson, createRegistry, inputError, type JsonObject, unknownNameError } from '@ggdln/core';
import type { PlannedPoint } from '@ggdln/experiments';
import { type FolderStore, openFolderStore } from '@ggdln/experiments/node';
import {
  findReproduction,
  type Reproduction,
  type ReproductionResult,
  reproductions,
  reproductionsPlugin,
  SCALES,
  type Scale,
} from '@ggdln/reproductions';
import { countChecks, describeCheck, writeReproduction } from '@ggdln/reproductions/node';
import type { Command, Session } from '../command.ts';
import { EXIT_CODES } from '../exitCodes.ts';
import { type Arguments, flagValue } from '../flags.ts';
import { jobsOf, openExecutor } from '../jobs.ts';
import { openKPathFolder } from '../kPath/stateFiles.ts';
import { alignColumns, createProgressLine } from '../terminal.ts';

/** What reproductions use besides the built-in plugins, for processes that compute for them. */
const OWN_PLUGIN = fileURLToPath(new URL('../reproductionsPlugin.js', import.meta.url));

/** `ggdln reproduce NAME`: a figure of a paper, with the numbers that it should show. */
export const reproduceCommand: Command = {
  name: 'reproduce',
  usage: 'reproduce list | reproduce NAME… [--scale quick|paper]',
  summary: 'Compute figures of the papers, with pass or fail for the numbers that they should show',
  description:
    'Computes theory beside simulations for figures of the papers and writes figures (SVG, PNG), tables (CSV, JSON),\n' +
    'arrays (NPZ) and report.md. Prints a line a check; ends with code 1 if one fails. NAME may be all, or what\n' +
    'stands before the slash. An interrupted run, started again with the same --out, goes on from its finished points,\n' +
    'and race/k-path-… from the last states of their networks.',
  flags: () => [
    { name: 'scale', value: 'quick|paper', help: 'quick: a minute each; paper: small error bars', default: 'quick' },
    { name: 'out', value: 'DIR', help: 'Where results go, a folder a reproduction', default: 'runs/reproduce' },
    { name: 'seed', value: 'N', help: 'One seed for everything random', default: '1' },
    {
      name: 'jobs',
      value: 'N',
      help: 'Processes that compute points of experiments and parts of ensembles at the same time; the numbers do not depend on it',
      default: '1, this process',
    },
  ],
  run: async (args, session) => {
    const [first, ...rest] = args.positionals;
    if (first === undefined)
      throw inputError('ggdln reproduce', 'nothing to do is named', 'Say ggdln reproduce list, or name one');
    if (first === 'list' && rest.length === 0) return list(session);
    const chosen = args.positionals.flatMap(select);
    jobsOf(args);
    // The last bits depend on how many threads a library uses, and must not depend on --jobs.
    process.env.GGDLN_BLAS_THREADS ||= '1';
    const outcomes = [];
    for (const reproduction of chosen) outcomes.push(await reproduce(reproduction, args, session));
    if (session.json) session.terminal.out(`${JSON.stringify({ reproductions: outcomes })}\n`);
    const failed = outcomes.some(({ checks }) => checks.some(({ pass }) => !pass));
    return failed ? EXIT_CODES.failed : EXIT_CODES.ok;
  },
};

/** One by its name, those of a paper, or all. */
function select(name: string): readonly Reproduction[] {
  if (name === 'all') return reproductions;
  const paper = reproductions.filter((candidate) => candidate.name.startsWith(`${name}/`));
  return paper.length > 0 ? paper : [findReproduction(name)];
}

function list({ terminal, json }: Session): number {
  const rows = reproductions.map(({ name, title, source, summary }) => ({ name, title, source, summary }));
  const lines = rows.map(({ name, title, source }) => [name, title, source]);
  terminal.out(json ? `${JSON.stringify(rows)}\n` : `${alignColumns(['name', 'title', 'source'], lines, 3)}\n`);
  return EXIT_CODES.ok;
}

async function reproduce(reproduction: Reproduction, args: Arguments, session: Session) {
  const { name } = reproduction;
  const { backend, reason } = await session.linalg();
  const out = join(resolve(session.cwd, flagValue(args, 'out') ?? 'runs/reproduce'), name);
  const seed = readSeed(args);
  const scale = readScale(args);
  const line = createProgressLine(session.terminal);
  line.note(`${name}: ${reproduction.title}\nLinear algebra: ${reason}`);
  const started = performance.now();
  const stores: FolderStore[] = [];
  const told = new Set<string>();
  const folderOf = (experiment: string) => join(out, 'runs', experiment);
  const executor = (experiment: string, points: readonly PlannedPoint[], parts = 0) => {
    const work = { points, parts, plugins: [OWN_PLUGIN], linalg: backend.name, folder: folderOf(experiment) };
    return openExecutor({ ...work, note: (text) => line.note(text) }, args, withOwnPlugin(session));
  };
  const result = await reproduction
    .run({
      scale,
      seed,
      registry: session.registry,
      linalg: backend,
      files: session.files,
      signal: session.signal,
      onProgress: (progress) => line.report(progress),
      onNote: (text) => {
        if (!told.has(text)) line.note(`  Note: ${text}`);
        told.add(text);
      },
      store: async (experiment) => {
        const store = await openFolderStore(folderOf(experiment));
        stores.push(store);
        return store;
      },
      states: (of) => openKPathFolder(join(out, 'states', nameOf(of)), of),
      ...(jobsOf(args) === undefined ? {} : { executor }),
    })
    .finally(async () => {
      line.end();
      for (const store of stores) await store.close();
    });
  const footer = `${name} · ${scale} scale · seed ${seed} · ${backend.name} · ggdln ${session.version}`;
  const files = await writeReproduction(out, reproduction, result, footer);
  const seconds = (performance.now() - started) / 1000;
  if (!session.json) session.terminal.out(describe(reproduction, result, out, seconds));
  return { name, scale, seed, seconds, out, files, checks: result.checks, notes: result.notes };
}

/** A folder's name for what a network depends on, so that other settings have others. */
const nameOf = (of: JsonObject): string => createHash('sha256').update(canonicalJson(of)).digest('hex').slice(0, 16);

/** The session with what experiments of reproductions use. */
function withOwnPlugin(session: Session): Session {
  return { ...session, registry: createRegistry([...session.registry.plugins, reproductionsPlugin]) };
}

function describe({ name, title }: Reproduction, { checks, notes }: ReproductionResult, out: string, seconds: number) {
  return [
    `${name}: ${title}`,
    ...checks.map((check) => `  ${describeCheck(check)}`),
    ...notes.map((note) => `  ${note}`),
    `${countChecks(checks)} · ${seconds.toFixed(0)} s · ${out}`,
    '',
    '',
  ].join('\n');
}

function readScale(args: Arguments): Scale {
  const wanted = flagValue(args, 'scale') ?? 'quick';
  const scale = SCALES.find((known) => known === wanted);
  if (scale) return scale;
  throw unknownNameError('ggdln reproduce', 'scale', wanted, SCALES);
}

function readSeed(args: Arguments): number {
  const wanted = flagValue(args, 'seed') ?? '1';
  const seed = Number(wanted);
  if (Number.isSafeInteger(seed)) return seed;
  throw inputError('ggdln reproduce', `--seed is ${wanted}`, 'Give a whole number');
}
