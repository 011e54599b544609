import {
  type Architecture,
  type ConditionallyGaussian,
  defineArchitecture,
  type GatedInputs,
  inputError,
  type Matrix,
  number,
  type Plugin,
} from '@ggdln/core';
import { identity, matrix, transpose } from '@ggdln/linalg';

const NAME = 'ggdln-plugin-template';

/**
 * One linear map for each gate: f_c(x) = Σ_m g_m(x) W_cm·x / √(M N0). Its parameter `W` has the shape C × M × N0. The
 * output is linear in the weights, so that its posterior is Gaussian and `block-gibbs` samples it exactly.
 */
function createNetwork({ sigma }: { readonly sigma: number }): Architecture {
  return {
    family: 'ggdln-plugin-template',
    widths: [1], // one hidden layer, with one unit for each gate
    sigma,
    inputWeights: 'W',
    shapes: ({ inputs, gates: [M], outputs }) => ({ W: [outputs, M, inputs] }),
    predict({ W }, inputs, linalg) {
      const F = features(inputs);
      const outputs = W.length / F.cols;
      if (!Number.isInteger(outputs) || outputs < 1) {
        throw inputError(NAME, `W has ${W.length} numbers`, `Give a multiple of M · N0 = ${F.cols}`);
      }
      return linalg.gemm(F, matrix(outputs, F.cols, W), { transB: true });
    },
    conditionals: conditionals(sigma),
  };
}

/** Row μ holds g_m(x_μ) x_μj / √(M N0) for all m and j, so that f = F wᵀ. */
function features({ X, gates }: GatedInputs): Matrix {
  const [phi] = gates;
  if (gates.length !== 1 || phi.rows !== X.rows) {
    const shapes = gates.map(({ rows, cols }) => `${rows} × ${cols}`).join(', ') || 'none';
    throw inputError(NAME, `the gates are ${shapes}`, `Give one matrix with ${X.rows} rows, one for each input`);
  }
  const [M, N0] = [phi.cols, X.cols];
  const F = matrix(X.rows, M * N0);
  for (let at = 0; at < F.data.length; at++) {
    const [row, m, j] = [Math.floor(at / F.cols), Math.floor((at % F.cols) / N0), at % N0];
    F.data[at] = (phi.data[row * M + m] * X.data[row * N0 + j]) / Math.sqrt(M * N0);
  }
  return F;
}

/** What block Gibbs sampling needs. Outputs are independent and share F: 𝒜𝒜ᵀ = FFᵀ ⊗ I_C is given as FFᵀ. */
function conditionals(sigma: number): ConditionallyGaussian {
  return {
    blocks: ['W'],
    block(_, { W }, train, linalg) {
      const F = features(train);
      const outputs = W.length / F.cols;
      return {
        size: W.length,
        gram: () => linalg.syrk(F),
        // Outputs have the index (μ, c), weights (c, m, j).
        forward: (weights) => linalg.gemm(F, matrix(outputs, F.cols, weights), { transB: true }).data,
        adjoint: (residual) => linalg.gemm(matrix(F.rows, outputs, residual), F, { transA: true }).data,
      };
    },
    /** Nothing lies above the one block: Gaussian-process regression with the kernel σ²FFᵀ. */
    conditionalPredictor({ W }, { train, y, test, temperature, factor }, linalg) {
      const [F, G] = [features(train), features(test)];
      const outputs = W.length / F.cols;
      const alpha = sigma ** 2;
      const kernel = () => linalg.syrk(F, { alpha, beta: 1, out: identity(F.rows, temperature) });
      const L = outputs === 1 && factor ? factor : linalg.cholesky(kernel());
      const k = linalg.gemm(F, G, { transB: true, alpha });
      const mean = linalg.gemm(k, linalg.choleskySolve(L, matrix(F.rows, outputs, y)), { transA: true });
      const explained = sumOfSquares(transpose(linalg.triangularSolve(L, k)));
      const variance = sumOfSquares(G).map((square, t) => alpha * square - explained[t]);
      return { mean: mean.data, variance: mean.data.map((_value, i) => variance[Math.floor(i / outputs)]) };
    },
  };
}

/** Of each row. */
function sumOfSquares({ rows, cols, data }: Matrix): Float64Array {
  const sums = new Float64Array(rows);
  data.forEach((value, at) => {
    sums[Math.floor(at / cols)] += value * value;
  });
  return sums;
}

export const plugin: Plugin = {
  name: NAME,
  contract: '1.0.0',
  architecture: {
    'template-entry': defineArchitecture({
      title: 'Template title',
      summary: 'One linear map of the inputs for each gate; linear in its weights and so exactly solvable.',
      options: {
        sigma: number({
          title: 'Prior deviation',
          symbol: 'σ',
          min: 0,
          exclusiveMin: true,
          scale: 'log',
          default: 1,
          help: 'Prior standard deviation of every weight.',
        }),
      },
      create: createNetwork,
    }),
  },
};
