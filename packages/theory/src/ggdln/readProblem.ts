import { inputError, type JsonObject } from '@ggdln/core';
import { type Matrix, shapeOf } from '@ggdln/linalg';
import { readStored } from '../readStored.ts';
import type { GgdlnProblem, GgdlnSetting } from './types.ts';

/** A case of a fixture file. */
interface StoredCase {
  readonly params: JsonObject;
  readonly inputs: JsonObject;
}

/**
 * A stored learning problem. Targets are `y` (one output) or `Y` (P × C); gates are `gatesTopFirst` (a matrix a
 * layer) or `gates` (one hidden layer); test inputs with their gates, likewise named, may be absent or empty.
 */
export function readProblem({ params, inputs }: StoredCase): GgdlnProblem {
  const stored = readStored('inputs', inputs);
  const X = stored.matrix('X');
  const y = stored.columns(stored.has('Y') ? 'Y' : 'y');
  const gates = readGates(inputs, 'gates');
  const hasTest = stored.has('Xtest') && stored.matrix('Xtest').rows > 0;
  const setting = readSetting(params, gates.length);
  checkPrefactor(params, setting, gates);
  return {
    X,
    y,
    gates,
    ...(hasTest ? { test: { X: stored.matrix('Xtest'), gates: readGates(inputs, 'gatesTest') } } : {}),
    ...setting,
  };
}

/** Widths (`Ns` or `N`: a list, or one for all layers), σ and T; fixtures store σ². */
function readSetting(params: JsonObject, depth: number): GgdlnSetting {
  const read = readStored('params', params);
  return {
    widths: read.numbers(read.has('N') ? 'N' : 'Ns', depth),
    sigma: Math.sqrt(read.number('sigma2')),
    temperature: read.number('T'),
  };
}

/** U_L, …, U_1 of a case: `U_topFirst`, or `U`: a list of them, or the only one. */
export function readOrderParameters({ inputs }: StoredCase): Matrix[] {
  const stored = readStored('inputs', inputs);
  if (stored.has('U_topFirst')) return stored.matrices('U_topFirst');
  return depthOf(inputs.U) === 3 ? stored.matrices('U') : [stored.matrix('U')];
}

function readGates(inputs: JsonObject, name: string): Matrix[] {
  const stored = readStored('inputs', inputs);
  return stored.has(name) ? [stored.matrix(name)] : stored.matrices(`${name}TopFirst`);
}

/** How deeply lists are nested. */
function depthOf(value: unknown): number {
  return Array.isArray(value) ? 1 + depthOf(value[0]) : 0;
}

/** A stored prefactor must be the s = σ²/∏M_l that the theory uses. */
function checkPrefactor(params: JsonObject, { sigma }: GgdlnSetting, gates: readonly Matrix[]): void {
  const read = readStored('params', params);
  if (!read.has('kernelPrefactor')) return;
  const expected = gates.reduce((s, layer) => s / layer.cols, sigma * sigma);
  const given = read.number('kernelPrefactor');
  if (Math.abs(given - expected) <= 1e-9 * expected) return;
  throw inputError(
    '@ggdln/theory conformance',
    `params.kernelPrefactor is ${given}, but σ² / ∏M is ${expected} for gates ${gates.map(shapeOf).join(' and ')}`,
    'Scale the targets or σ instead',
  );
}
