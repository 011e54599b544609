import { type ConformanceCase, unknownNameError } from '@ggdln/core';
import { toRows } from '@ggdln/linalg';
import { readStored } from '../readStored.ts';
import { activations } from './activations.ts';
import { kernelMatrix } from './kernelMatrix.ts';
import { parallelRounding } from './parallelRounding.ts';
import type { KernelKind } from './recursion.ts';
import { reluActivation } from './relu.ts';

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
  const hidden = network.sigmas.length - 1;
  const [Xa, Xb] = [stored.matrix('Xa'), stored.matrix('Xb')];
  const among = (kind: KernelKind) => kernelMatrix(network, kind, Xa, undefined, { linalg });
  const between = (kind: KernelKind) => kernelMatrix(network, kind, Xa, Xb, { linalg });
  const [thetaAA, thetaAB] = [await among('ntk'), await between('ntk')];
  return {
    nngpAB: toRows(await between('nngp')),
    thetaAB: toRows(thetaAB),
    nngpAA: toRows(await among('nngp')),
    thetaAA: toRows(thetaAA),
    ...(activation === reluActivation && {
      thetaAB_rounding: toRows(parallelRounding(thetaAB, hidden, Xa, Xb)),
      thetaAA_rounding: toRows(parallelRounding(thetaAA, hidden, Xa, Xa)),
    }),
  };
};
