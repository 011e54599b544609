import { createGgdln, type GatedNetwork } from '@ggdln/architectures';
import type { ConformanceCase, GatedInputs, LinalgBackend, Parameters } from '@ggdln/core';
import { matrix, toRows } from '@ggdln/linalg';
import { drawGaussianBlock } from '../gibbs/drawBlock.ts';
import { flatten, matrixAt, numberAt, vectorAt } from './arrays.ts';

interface Setting {
  readonly network: GatedNetwork;
  readonly train: GatedInputs;
  readonly y: Float64Array;
  readonly temperature: number;
  readonly linalg: LinalgBackend;
}

/** One block drawn with the noise that the fixture gives. */
function draw(setting: Setting, name: string, parameters: Parameters, prior: Float64Array, noise: Float64Array) {
  const { network, train, y, temperature, linalg } = setting;
  const block = network.conditionals.block(name, parameters, train, linalg);
  return drawGaussianBlock(block, { y, sigma: network.sigma, temperature, prior, noise, name }, linalg).weights;
}

/** `ggdln.gibbs-conditional-l1`: W1 given a, then a given that W1. */
export const gibbsConditionalL1: ConformanceCase = async ({ params, inputs }, { linalg }) => {
  const N = numberAt(params, 'N');
  const network = createGgdln({ depth: 1, width: N, sigma: Math.sqrt(numberAt(params, 'sigma2')) });
  const train = { X: matrixAt(inputs, 'X'), gates: [matrixAt(inputs, 'gates')] };
  const setting = { network, train, y: vectorAt(inputs, 'y'), temperature: numberAt(params, 'T'), linalg };
  const prior = { a: vectorAt(inputs, 'a0'), W1: vectorAt(inputs, 'W0') };
  const given = { a: vectorAt(inputs, 'a'), W1: prior.W1 };
  const W1 = draw(setting, 'W1', given, prior.W1, vectorAt(inputs, 'xiW'));
  const a = draw(setting, 'a', { ...given, W1 }, prior.a, vectorAt(inputs, 'xiA'));
  return { W: toRows(matrix(N, W1.length / N, W1)), aGivenW: toRows(matrix(N, a.length / N, a)) };
};

/** `ggdln.gibbs-conditional-l2`: a, W2 and W1 in turn, then the order parameters of the result. */
export const gibbsConditionalL2: ConformanceCase = async ({ params, inputs }, { linalg }) => {
  const [N2, N1] = [numberAt(params, 'N2'), numberAt(params, 'N1')];
  const network = createGgdln({ depth: 2, widths: [N2, N1], sigma: Math.sqrt(numberAt(params, 'sigma2')) });
  const gates = [matrixAt(inputs, 'gatesReadout'), matrixAt(inputs, 'gatesHidden')];
  const M = gates[1].cols;
  const train = { X: matrixAt(inputs, 'X'), gates };
  const setting = { network, train, y: vectorAt(inputs, 'y'), temperature: numberAt(params, 'T'), linalg };
  const gateInside = (name: string) => swapLast(Float64Array.from(flatten(inputs[name], name)), N1, M);
  const prior = { a: vectorAt(inputs, 'a0'), W2: gateInside('W20'), W1: vectorAt(inputs, 'W10') };
  const noise = { a: vectorAt(inputs, 'xiA'), W2: vectorAt(inputs, 'xiW2'), W1: vectorAt(inputs, 'xiW1') };
  let parameters: Parameters = { a: prior.a, W2: gateInside('W2'), W1: vectorAt(inputs, 'W1') };
  for (const name of ['a', 'W2', 'W1'] as const) {
    parameters = { ...parameters, [name]: draw(setting, name, parameters, prior[name], noise[name]) };
  }
  const dimensions = { inputs: train.X.cols, gates: gates.map((values) => values.cols), outputs: 1 };
  const { U1, U2 } = network.orderParameters(parameters, dimensions, linalg);
  const gateLast = toRows(matrix(N2 * N1, M, swapLast(parameters.W2, M, N1)));
  return {
    a: toRows(matrix(N2, parameters.a.length / N2, parameters.a)),
    W2: Array.from({ length: N2 }, (_, i) => gateLast.slice(i * N1, (i + 1) * N1)),
    W1: toRows(matrix(N1, train.X.cols, parameters.W1)),
    U2: toRows(U2),
    U1: toRows(U1),
  };
};

/** Exchanges the last two indices (sizes p, q) of a row-major array: [i][p][q] → [i][q][p]. */
function swapLast(values: Float64Array, p: number, q: number): Float64Array {
  const out = new Float64Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const within = at % (p * q);
    out[at - within + (within % q) * p + Math.floor(within / q)] = values[at];
  }
  return out;
}
