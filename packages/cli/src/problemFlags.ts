import {
  createRandom,
  inputError,
  type Matrix,
  type Problem,
  type Registry,
  readOption,
  resolveOptions,
  unknownNameError,
} from '@ggdln/core';
import { experimentOptions } from '@ggdln/experiments';
import { matrix, shapeOf } from '@ggdln/linalg';
import { readMatrices, readMatrixFile } from './arrays.ts';
import { peekFlag, type Session } from './command.ts';
import { schemaFlags, schemaValues } from './entryFlags.ts';
import { type Arguments, type Flag, flagValue } from './flags.ts';

const where = 'ggdln problem';
const DEFAULT_ARCHITECTURE = 'ggdln';
const DEFAULT_GATING = 'always-on';

const ARRAY_FLAGS: readonly Flag[] = [
  {
    name: 'arrays',
    value: 'FILE.npz',
    help: 'X, Y, gates, Xtest, Ytest, gatesTest in one file (gates1, gates2, … top first if L > 1)',
  },
  { name: 'X', value: 'FILE', help: 'Training inputs, P × N0 (NPY or CSV)' },
  { name: 'Y', value: 'FILE', help: 'Training targets, P × C or P' },
  {
    name: 'gates',
    value: 'FILE',
    repeatable: true,
    help: 'Training gates, P × M, one file a layer, top first; one file serves all layers',
  },
  { name: 'Xtest', value: 'FILE', help: 'Test inputs', default: 'the training inputs' },
  { name: 'Ytest', value: 'FILE', help: 'Test targets, for bias and error' },
  { name: 'gatesTest', value: 'FILE', repeatable: true, help: 'Test gates, in the order of --gates' },
  { name: 'temperature', value: 'T', help: 'Temperature of the Gibbs distribution (T ≥ 0)', default: '0.01' },
  { name: 'seed', value: 'N', help: 'Seed of everything random', default: '1' },
  { name: 'architecture', value: 'NAME', help: 'Network', default: DEFAULT_ARCHITECTURE },
  { name: 'gating', value: 'NAME', help: 'Makes the gates when none are given', default: DEFAULT_GATING },
];

/** Flags that describe a problem given as arrays; `--architecture` and `--gating` decide which options exist. */
export function problemFlags(argv: readonly string[], registry: Registry): Flag[] {
  const architecture = registry.get('architecture', peekFlag(argv, 'architecture') ?? DEFAULT_ARCHITECTURE);
  const gating = registry.get('gating', peekFlag(argv, 'gating') ?? DEFAULT_GATING);
  return [
    ...ARRAY_FLAGS,
    ...schemaFlags(architecture.options, '', 'Options of the architecture'),
    ...schemaFlags(gating.options, 'gating', 'Options of the gating'),
  ];
}

/** A problem from arrays; `hasTargets` tells whether its test targets mean something. */
export interface GivenProblem extends Problem {
  readonly hasTargets: boolean;
}

/** The problem that the flags describe. @throws GGDLN_INPUT for missing arrays or shapes that don't fit. */
export async function problemFromFlags(args: Arguments, session: Session): Promise<GivenProblem> {
  const arrays = readArrays(args, session.cwd);
  const name = flagValue(args, 'architecture') ?? DEFAULT_ARCHITECTURE;
  const entry = session.registry.get('architecture', name);
  const architecture = entry.create(
    resolveOptions(entry.options, schemaValues(entry.options, args), `architecture ${name}`),
  );
  const X = required(arrays, 'X');
  const Y = required(arrays, 'Y');
  const Xtest = arrays.Xtest ?? X;
  const Ytest = arrays.Ytest ?? (arrays.Xtest ? matrix(Xtest.rows, Y.cols) : Y);
  checkRows({ X, Y, Xtest, Ytest });
  const depth = architecture.widths.length;
  const gates = await gatesOf(arrays, { X, Xtest, depth }, args, session);
  const { temperature } = experimentOptions;
  return {
    train: { X, Y, gates: gates.train },
    test: { X: Xtest, Y: Ytest, gates: gates.test },
    gateNames: gates.names,
    architecture,
    temperature: readOption(
      temperature,
      flagValue(args, 'temperature') ?? temperature.default,
      '--temperature',
    ) as number,
    hasTargets: arrays.Ytest !== undefined || arrays.Xtest === undefined,
  };
}

/** The seed of `--seed`. @throws GGDLN_INPUT naming the flag. */
export const seedOf = (args: Arguments): number =>
  readOption(experimentOptions.seed, flagValue(args, 'seed') ?? experimentOptions.seed.default, '--seed') as number;

const ARRAY_NAMES = ['X', 'Y', 'Xtest', 'Ytest', 'gates', 'gates1', 'gates2', 'gatesTest', 'gatesTest1', 'gatesTest2'];

/** Arrays by name; those given by flags replace those of --arrays. */
function readArrays(args: Arguments, cwd: string): Record<string, Matrix> {
  const path = flagValue(args, 'arrays');
  const arrays = path ? knownArrays(readMatrices(path, cwd), path) : {};
  for (const name of ['X', 'Y', 'Xtest', 'Ytest']) {
    const file = flagValue(args, name);
    if (file) arrays[name] = readMatrixFile(file, cwd);
  }
  for (const name of ['gates', 'gatesTest']) {
    const files = args.flags.get(name) ?? [];
    if (files.length > 0) for (const other of Object.keys(arrays)) if (isLayerOf(name, other)) delete arrays[other];
    for (const [i, file] of files.entries()) arrays[name + (i + 1)] = readMatrixFile(file, cwd);
  }
  return arrays;
}

/** An array whose name isn't known would be left out of the problem silently: refuse it. */
function knownArrays(arrays: Record<string, Matrix>, path: string): Record<string, Matrix> {
  const upper = (name: string) => (name === 'x' || name === 'y' ? name.toUpperCase() : name);
  const renamed = Object.entries(arrays).map(([name, values]) => [upper(name), values] as const);
  const known = (name: string) =>
    ARRAY_NAMES.includes(name) || isLayerOf('gates', name) || isLayerOf('gatesTest', name);
  const unknown = renamed.find(([name]) => !known(name));
  if (unknown) throw unknownNameError(path, 'array', unknown[0], ARRAY_NAMES);
  return Object.fromEntries(renamed);
}

/** Is `array` the gates of a layer: the name alone, or with a number behind it? */
function isLayerOf(name: string, array: string): boolean {
  return array.startsWith(name) && /^\d*$/.test(array.slice(name.length));
}

function required(arrays: Record<string, Matrix>, name: string): Matrix {
  const found = arrays[name];
  if (found) return found;
  const have = Object.keys(arrays).join(', ') || 'none';
  throw inputError(
    where,
    `the array ${name} is missing (given: ${have})`,
    `Give --${name} FILE, or --arrays FILE.npz with an array ${name}`,
  );
}

function checkRows({ X, Y, Xtest, Ytest }: Record<'X' | 'Y' | 'Xtest' | 'Ytest', Matrix>): void {
  if (Y.rows !== X.rows)
    throw inputError(where, `Y is ${shapeOf(Y)} but X is ${shapeOf(X)}`, 'They need one row an example');
  if (Xtest.cols !== X.cols)
    throw inputError(where, `Xtest is ${shapeOf(Xtest)} but X is ${shapeOf(X)}`, 'They need the same columns');
  if (Ytest.rows !== Xtest.rows || Ytest.cols !== Y.cols) {
    throw inputError(where, `Ytest is ${shapeOf(Ytest)}`, `It should be ${Xtest.rows} × ${Y.cols}`);
  }
}

interface LayerGates {
  readonly train: readonly Matrix[];
  readonly test: readonly Matrix[];
  readonly names: readonly (readonly string[])[];
}

async function gatesOf(
  arrays: Record<string, Matrix>,
  { X, Xtest, depth }: { X: Matrix; Xtest: Matrix; depth: number },
  args: Arguments,
  session: Session,
): Promise<LayerGates> {
  const given = layersOf(arrays, 'gates', depth);
  if (given) {
    if (args.flags.has('gating')) throw inputError(where, 'gates are given and --gating too', 'Give one of the two');
    const test = layersOf(arrays, 'gatesTest', depth) ?? (arrays.Xtest ? undefined : given);
    if (!test)
      throw inputError(
        where,
        'gates are given, gatesTest is missing',
        'Give --gatesTest FILE for the test inputs, a file a layer',
      );
    return {
      train: given,
      test,
      names: given.map((layer) => Array.from({ length: layer.cols }, (_, m) => `gate ${m}`)),
    };
  }
  const name = flagValue(args, 'gating') ?? DEFAULT_GATING;
  const entry = session.registry.get('gating', name);
  const gating = entry.create(
    resolveOptions(entry.options, schemaValues(entry.options, args, 'gating'), `gating ${name}`),
  );
  const rng = createRandom(seedOf(args)).stream('gating');
  const state = await gating.fit(X, { rng, signal: session.signal });
  const train = gating.gates(state, X);
  const test = gating.gates(state, Xtest);
  const repeat = <T>(value: T) => Array.from({ length: depth }, () => value);
  return { train: repeat(train.values), test: repeat(test.values), names: repeat(train.names) };
}

/** The gates of all layers, top first: one array a layer, or one for all; `undefined` when none are given. */
function layersOf(arrays: Record<string, Matrix>, name: string, depth: number): Matrix[] | undefined {
  const number = (array: string) => Number(array.slice(name.length) || '0');
  const given = Object.keys(arrays)
    .filter((array) => isLayerOf(name, array))
    .sort((a, b) => number(a) - number(b));
  if (given.length === 0) return undefined;
  if (given.length !== 1 && given.length !== depth) {
    throw inputError(
      where,
      `${given.length} arrays of ${name} (${given.join(', ')}) for ${depth} hidden layers`,
      `Give one for all layers, or ${depth}, top (readout) layer first; or set --depth`,
    );
  }
  return Array.from({ length: depth }, (_, i) => arrays[given[given.length === 1 ? 0 : i]]);
}
