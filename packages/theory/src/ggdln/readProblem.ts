import type { JsonObject } from '@ggdln/core';
import { readStored } from '../readStored.ts';
import type { GgdlnProblem, GgdlnSetting } from './types.ts';

/** A stored learning problem with one output. */
export function readProblem({
  params,
  inputs,
}: {
  readonly params: JsonObject;
  readonly inputs: JsonObject;
}): GgdlnProblem {
  const stored = readStored('inputs', inputs);
  return {
    X: stored.matrix('X'),
    y: Float64Array.from(stored.numbers('y')),
    gates: stored.matrices('gatesTopFirst'),
    test: { X: stored.matrix('Xtest'), gates: stored.matrices('gatesTestTopFirst') },
    ...readSetting(params),
  };
}

/** Widths, σ and T; fixtures store σ². */
export function readSetting(params: JsonObject): GgdlnSetting {
  const read = readStored('params', params);
  return {
    widths: read.numbers('Ns'),
    sigma: Math.sqrt(read.number('sigma2')),
    temperature: read.number('T'),
  };
}
