import {
  createRandom,
  inputError,
  type Json,
  type Matrix,
  type Problem,
  type Registry,
  resolveOptions,
} from '@ggdln/core';
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

/** The problem that the flags describe. @throws GGDLN_INPUT for missing arrays or shapes that don't fit. */
export async function problemFromFlags(args: Arguments, session: Session): Promise<Problem> {
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
  return {
    train: { X, Y, gates: gates.train },
    test: { X: Xtest, Y: Ytest, gates: gates.test },
    gateNames: gates.names,
    architecture,
    temperature: readTemperature(flagValue(args, 'temperature') ?? '0.01'),
  };
}

/** The seed of `--seed`. */
export function seedOf(args: Arguments): number {
  const seed = Number(flagValue(args, 'seed') ?? '1');
  if (!Number.isSafeInteger(seed))
    throw inputError(where, `--seed ${flagValue(args, 'seed')} is not allowed`, 'Give a whole number');
  return seed;
}

function readArrays(args: Arguments, cwd: string): Record<string, Matrix> {
  const path = flagValue(args, 'arrays');
  const arrays = path ? readMatrices(path, cwd) : {};
  for (const name of ['X', 'Y', 'Xtest', 'Ytest']) {
    const file = flagValue(args, name);
    if (file) arrays[name] = readMatrixFile(file, cwd);
  }
  for (const name of ['gates', 'gatesTest']) {
    (args.flags.get(name) ?? []).forEach((file, i) => {
      arrays[`${name}${i + 1}`] = readMatrixFile(file, cwd);
    });
  }
  return arrays;
}

function required(arrays: Record<string, Matrix>, name: string): Matrix {
  const found = arrays[name] ?? arrays[name.toLowerCase()];
  if (found) return found;
  const have = Object.keys(arrays).join(', ') || 'none';
  throw inputError(
    where,
    `the array ${name} is missing (given: ${have})`,
    `Give --${name} FILE, or a ${name} in --arrays FILE.npz`,
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

function layersOf(arrays: Record<string, Matrix>, name: string, depth: number): Matrix[] | undefined {
  const one = arrays[name] ?? (arrays[`${name}2`] ? undefined : arrays[`${name}1`]);
  if (one) return Array.from({ length: depth }, () => one);
  if (!arrays[`${name}1`]) return undefined;
  return Array.from({ length: depth }, (_, i) => required(arrays, `${name}${i + 1}`));
}

function readTemperature(text: Json): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0)
    throw inputError(where, `--temperature ${text} is not allowed`, 'Give a finite number ≥ 0');
  return value;
}
