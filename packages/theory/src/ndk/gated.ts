import { inputError, type LinalgBackend } from '@ggdln/core';
import { chooseLinalg, columnVector, matrix } from '@ggdln/linalg';
import { linearActivation } from '../kernels/linear.ts';
import { growth, type NdkOutputs, splitOutputs } from './limits.ts';
import { decayRate, type NdkNetwork, requireTimes, weightVariance } from './network.ts';
import { type NdkProblem, ndkPoints } from './problem.ts';
import { gaussLegendre, type Rule } from './quadrature.ts';
import { gradedEdges } from './volterra.ts';

/** Mean and variance of the output over time; row i is for `times[i]`. */
export interface GatedNdk {
  readonly mean: NdkOutputs;
  readonly variance: NdkOutputs;
}

/**
 * Linear and gated linear networks under Langevin learning in closed form, up to one integral over time: their kernel
 * K^d = (L+1) e^{−(L+1)(t−t′)T/σ²} s(t′)^L Γ has Γ = (x·x′/N0) Π_l γ_l for its only matrix, in whose eigenvectors all
 * decouples (theory page ndk, section 4). For any t, also far beyond σ²/T.
 * @throws GGDLN_INPUT for parts that don't fit, and for an activation that isn't linear.
 */
export async function gatedNdk(
  problem: NdkProblem,
  times: ArrayLike<number>,
  options: { readonly linalg?: LinalgBackend } = {},
): Promise<GatedNdk> {
  const where = '@ggdln/theory gatedNdk';
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  requireTimes(where, 'times', times);
  const points = ndkPoints(where, problem, linalg);
  const { network, y } = problem;
  if (network.activation.name !== linearActivation.name) {
    throw inputError(where, `the activation is ${network.activation.name}`, 'Give linearActivation, or use ndkMean');
  }
  const { values, vectors } = linalg.symmetricEigen(points.train.gram);
  const modes = linalg.gemm(vectors, columnVector(y), { transA: true }).data;
  const loads = linalg.gemm(points.all.gram, vectors);
  const lambdas = values.map((value) => Math.max(0, value));
  const rows = Array.from(times, (t) => {
    const scales = modeScales(network, lambdas, t);
    const free = weightVariance(network, t) ** (network.depth + 1);
    const variance = points.all.rowNorms.map((norm) => norm * free);
    const squares = matrix(
      loads.rows,
      loads.cols,
      loads.data.map((load) => load * load),
    );
    const drop = linalg.gemm(squares, columnVector(scales.variance)).data;
    return {
      mean: linalg.gemm(loads, columnVector(modes.map((mode, k) => mode * scales.mean[k]))).data,
      variance: variance.map((value, i) => Math.max(0, value - drop[i])),
    };
  });
  return {
    mean: splitOutputs(
      rows.map(({ mean }) => mean),
      points,
    ),
    variance: splitOutputs(
      rows.map(({ variance }) => variance),
      points,
    ),
  };
}

/**
 * For each eigenvalue λ: ∫₀ᵗ κ(s) e^{−d(t−s) − λz} ds for the mean, and what data take from the variance,
 * σ0^{2L+2} e^{−2dt} g(t) + 2T ∫₀ᵗ κ(s) e^{−2d(t−s)} g(s) ds with g = (1 − e^{−2λz})/λ and z = ∫ₛᵗ κ.
 */
function modeScales(network: NdkNetwork, lambdas: Float64Array, t: number) {
  const { depth, sigma0, temperature } = network;
  const d = (depth + 1) * decayRate(network);
  const mean = new Float64Array(lambdas.length);
  const variance = new Float64Array(lambdas.length);
  const rule = gaussLegendre(16);
  const edges = lagEdges(network, lambdas, t);
  let before = 0;
  for (let p = 0; p + 1 < edges.length; p++) {
    const [from, width] = [edges[p], edges[p + 1] - edges[p]];
    for (let q = 0; q < rule.nodes.length; q++) {
      const lag = from + width * rule.nodes[q];
      const z = before + learning(network, rule, t - lag, t - from);
      const weight = width * rule.weights[q] * (depth + 1) * weightVariance(network, t - lag) ** depth;
      lambdas.forEach((lambda, k) => {
        mean[k] += weight * Math.exp(-d * lag - lambda * z);
        variance[k] += 2 * temperature * weight * Math.exp(-2 * d * lag) * 2 * growth(2 * lambda, z);
      });
    }
    before += learning(network, rule, t - from - width, t - from);
  }
  const start = sigma0 ** (2 * (depth + 1)) * Math.exp(-2 * d * t);
  return { mean, variance: variance.map((value, k) => value + start * 2 * growth(2 * lambdas[k], before)) };
}

/** ∫ κ from one time to another, κ = (L+1) s^L: on panels over which s^L changes little. */
function learning(network: NdkNetwork, rule: Rule, from: number, to: number): number {
  const { depth } = network;
  const rate = decayRate(network);
  const panels = Math.max(1, Math.ceil(2 * (to - from) * rate * (depth + 1)));
  let sum = 0;
  for (let p = 0; p < panels; p++) {
    const width = (to - from) / panels;
    rule.nodes.forEach((node, q) => {
      sum += width * rule.weights[q] * weightVariance(network, from + width * (p + node)) ** depth;
    });
  }
  return (depth + 1) * sum;
}

/** Panels over t − s: fine where the fastest mode forgets. */
function lagEdges(network: NdkNetwork, lambdas: Float64Array, t: number): Float64Array {
  const { depth, sigma, sigma0 } = network;
  const d = (depth + 1) * decayRate(network);
  const fastest = Math.max(...lambdas) * (depth + 1) * Math.max(sigma, sigma0) ** (2 * depth) + d;
  return gradedEdges(t, fastest > 0 ? 1 / fastest : t, 1.5, d > 0 ? 1 / d : t);
}
