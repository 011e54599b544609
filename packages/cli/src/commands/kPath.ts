import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { createRandom, GgdlnError, inputError, type Json, type JsonObject, resolveOptions } from '@ggdln/core';
import { type KPathEpoch, type KPathRun, learnKPath } from '@ggdln/learning/k-path';
import { type Command, peekFlag, type Session } from '../command.ts';
import { schemaFlags, schemaValues } from '../entryFlags.ts';
import { EXIT_CODES } from '../exitCodes.ts';
import { type Arguments, type Flag, flagValue } from '../flags.ts';
import {
  checkpointOptions,
  type KPathValues,
  kPathSchema,
  kPathSections,
  readIntervals,
  readKPathValues,
  toKPathOptions,
} from '../kPath/options.ts';
import { writeKPath } from '../kPath/results.ts';
import { type KPathFolder, openKPathFolder } from '../kPath/stateFiles.ts';
import { datasetSchema, type KPathSource, kPathTask } from '../kPath/task.ts';
import { seedOf } from '../problemFlags.ts';
import { readBytes } from '../readBytes.ts';
import { createProgressLine } from '../terminal.ts';

const where = 'ggdln k-path';
const DEFAULT_DATASET = 'mnist';

/** `ggdln k-path`: one network on many pairs of input and output domains. */
export const kPathCommand: Command = {
  name: 'k-path',
  usage: 'k-path [SPEC.json] [flags]',
  summary: 'Train some pairs of input and output domains, score all of them',
  description:
    'Trains encoders, a shared block and decoders on the pairs of domains that the gate selects, and scores all pairs\n' +
    '(Saxe, Sodhani & Lewallen 2022). Writes table (CSV, JSON), arrays (NPZ), figure (SVG, PNG), spec.json, which runs\n' +
    'the same again when given as SPEC.json, and checkpoints/. Started again with the same --out, a run that was\n' +
    'interrupted or killed goes on from its last checkpoint and ends with the same bytes; one with more epochs goes on.',
  flags: (argv, { registry }): Flag[] => {
    const dataset = peekFlag(argv, 'dataset') ?? DEFAULT_DATASET;
    return [
      { name: 'out', value: 'DIR', help: 'Where results and checkpoints go', default: 'runs/k-path' },
      { name: 'seed', value: 'N', help: 'Seed of everything random', default: '1' },
      {
        name: 'dataset',
        value: 'NAME',
        help: 'Pictures: mnist, fashion-mnist, cifar-10, mnist-small',
        default: dataset,
      },
      {
        name: 'features',
        value: 'FILE.npz',
        help: 'Inputs already transformed instead: train_X, test_X (M × P × features), train_labels, test_labels (P)',
      },
      ...Object.entries(kPathSections).flatMap(([section, schema]) => schemaFlags(schema, '', section)),
      ...schemaFlags(datasetSchema(dataset, registry), 'dataset', `Options of the dataset ${dataset}`),
    ];
  },
  run,
};

/** All that the numbers depend on but the backend. */
interface KPathSpec {
  readonly seed: number;
  readonly source: KPathSource;
  readonly values: KPathValues;
}

async function run(args: Arguments, session: Session): Promise<number> {
  const spec = readSpec(args, session);
  const { seed, source, values } = spec;
  const intervals = readIntervals(schemaValues(checkpointOptions, args));
  const out = resolve(session.cwd, flagValue(args, 'out') ?? 'runs/k-path');
  const { backend, reason } = await session.linalg();
  const line = createProgressLine(session.terminal);
  line.note(`k-path: M = ${values.domains}, ${values.gate}\nLinear algebra: ${reason}`);
  // How long a run goes on is no part of what its states are.
  const { epochs: _, stopBelow: __, ...kept } = values;
  const of = { seed, data: source as JsonObject, options: kept as unknown as JsonObject, linalg: backend.name };
  let folder: KPathFolder | undefined;
  try {
    const task = await kPathTask(source, values, seed, session);
    folder = intervals ? await openKPathFolder(join(out, 'checkpoints'), of) : undefined;
    const before = await stepsIn(folder);
    if (before > 0) line.note(`Goes on after ${before} steps`);
    const started = performance.now();
    const result = await learnKPath(task, toKPathOptions(values), {
      linalg: backend,
      rng: createRandom(seed).stream('k-path'),
      signal: session.signal,
      onProgress: (progress) => line.report(progress),
      onScore: (score) => line.note(describeScore(score)),
      ...(folder && intervals ? { checkpoints: { ...intervals, store: folder } } : {}),
    });
    const seconds = (performance.now() - started) / 1000;
    const files = await writeKPath(out, result, {
      spec: specJson(spec),
      provenance: {
        linalg: { name: backend.name, description: backend.description },
        versions: { ggdln: session.version },
      },
      subtitle: subtitleOf(values),
      footer: `k-path · seed ${seed} · ggdln ${session.version} · ${backend.name}`,
    });
    report(result, { out, files, rate: (result.state.steps - before) / seconds }, session);
    return EXIT_CODES.ok;
  } finally {
    line.end();
    await folder?.close();
  }
}

async function stepsIn(folder: KPathFolder | undefined): Promise<number> {
  const epoch = (await folder?.epochs())?.at(-1);
  return epoch === undefined ? 0 : ((await folder?.read(epoch))?.steps ?? 0);
}

/** What the file, if one is named, and the flags say; flags come first. */
function readSpec(args: Arguments, session: Session): KPathSpec {
  const [path, ...more] = args.positionals;
  if (more.length > 0) throw inputError(where, `${more.join(' ')} is not understood`, 'Name one SPEC.json at most');
  const file = path === undefined ? {} : readFile(path, session.cwd);
  const seed = flagValue(args, 'seed') === undefined && file.seed !== undefined ? Number(file.seed) : seedOf(args);
  if (!Number.isSafeInteger(seed)) throw inputError(path, `seed is ${file.seed}`, 'Give a whole number');
  const options = { ...(file.options as JsonObject), ...schemaValues(kPathSchema, args) };
  const values = readKPathValues(options);
  const data = (file.data ?? {}) as JsonObject;
  const named = flagValue(args, 'dataset');
  if (named !== undefined && flagValue(args, 'features') !== undefined) {
    throw inputError(where, 'both --dataset and --features are given', 'Give one of them');
  }
  const features = flagValue(args, 'features') ?? (named === undefined ? data.features : undefined);
  if (typeof features === 'string') {
    const sha256 = createHash('sha256')
      .update(readBytes(features, session.cwd, where))
      .digest('hex');
    return { seed, values, source: { features, sha256 } };
  }
  const use = named ?? String(data.use ?? DEFAULT_DATASET);
  const schema = datasetSchema(use, session.registry);
  const own = data.use === use ? (data.options as JsonObject) : {};
  const given = { ...own, ...schemaValues(schema, args, 'dataset') };
  return { seed, values, source: { use, options: resolveOptions(schema, given, `dataset ${use}`) as JsonObject } };
}

function readFile(path: string, cwd: string): JsonObject {
  try {
    const value = JSON.parse(readFileSync(resolve(cwd, path), 'utf8')) as Json;
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as JsonObject;
  } catch (cause) {
    const problem = `${path} can't be read: ${(cause as Error).message}`;
    throw new GgdlnError({
      code: 'GGDLN_CONFIG',
      where,
      problem,
      remedy: 'Give a spec.json that ggdln k-path wrote',
      cause,
    });
  }
  throw inputError(where, `${path} is not a JSON object`, 'Give a spec.json that ggdln k-path wrote');
}

const specJson = ({ seed, source, values }: KPathSpec): JsonObject => ({
  seed,
  data: source as JsonObject,
  options: values as unknown as JsonObject,
});

const subtitleOf = ({ domains, gate, width, gain, rate, batch }: KPathValues): string =>
  `M = ${domains} · ${gate} · H = ${width} · gain ${gain} · rate ${rate} · batch ${batch}`.replaceAll(
    ' = ',
    '\u00a0=\u00a0',
  );

function describeScore({ epoch, train, test }: KPathEpoch): string {
  const share = (value: number | null) => (value === null ? 'none' : value.toFixed(3));
  return (
    `  epoch ${epoch}: loss ${share(train.selectedLoss)}, test accuracy of trained pairs ` +
    `${share(test.selectedAccuracy)}, of unseen pairs ${share(test.unselectedAccuracy)}`
  );
}

function report(
  { state, scores }: KPathRun,
  { out, files, rate }: { readonly out: string; readonly files: readonly string[]; readonly rate: number },
  { terminal, json, cwd }: Session,
): void {
  const { epoch, train, test } = scores[scores.length - 1];
  const means = ({ losses: _, accuracies: __, ...rest }: KPathEpoch['train']) => rest;
  if (json) {
    const last = { epoch, train: means(train), test: means(test) };
    terminal.out(`${JSON.stringify({ out, files, steps: state.steps, stepsPerSecond: rate, last })}\n`);
    return;
  }
  const speed = rate > 0 ? ` · ${rate.toPrecision(3)} steps/s` : '';
  terminal.out(
    `${describeScore(scores[scores.length - 1]).trim()}\n${state.steps} steps${speed}\n` +
      `Written to ${relative(cwd, out) || '.'}: ${files.map((file) => relative(out, file)).join(', ')}\n`,
  );
}
