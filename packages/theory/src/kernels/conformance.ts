import { type ConformanceCase, unknownNameError } from '@ggdln/core';
import { toRows } from '@ggdln/linalg';
import { readStored } from '../readStored.ts';
import { activations } from './activations.ts';
import { kernelMatrix } from './kernelMatrix.ts';
import type { KernelKind } from './recursion.ts';

/** NNGP and NTK, among some inputs and between two sets of them; fixtures list σ from the bottom up. */
export const nngpNtk: ConformanceCase = async ({ params, inputs }, { linalg }) => {
  const read = readStored('params', params);
  const stored = readStored('inputs', inputs);
  const name = read.text('activation');
  const activation = activations.find((candidate) => candidate.name === name);
  if (!activation) {
    const known = activations.map((candidate) => candidate.name);
    throw unknownNameError('@ggdln/theory conformance', 'activation', name, known);
  }
  const layers = read.has('L') ? read.number('L') + 1 : 1;
  const network = { activation, sigmas: read.numbers('sigmas', layers).reverse() };
  const [Xa, Xb] = [stored.matrix('Xa'), stored.matrix('Xb')];
  const among = async (kind: KernelKind) => toRows(await kernelMatrix(network, kind, Xa, undefined, { linalg }));
  const between = async (kind: KernelKind) => toRows(await kernelMatrix(network, kind, Xa, Xb, { linalg }));
  return {
    nngpAB: await between('nngp'),
    thetaAB: await between('ntk'),
    nngpAA: await among('nngp'),
    thetaAA: await among('ntk'),
  };
};
