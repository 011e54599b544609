import {
  defineTheory,
  GgdlnError,
  type Incompatibility,
  type Matrix,
  type Plugin,
  type Problem,
  type RunContext,
  type TheoryResult,
  throwIfCancelled,
} from '@ggdln/core';
import { add, hadamard, identity, matrix } from '@ggdln/linalg';

const NAME = 'ggdln-plugin-template';

/** `undefined` for what it solves; otherwise what is wrong and what would do. It is asked before anything runs. */
function supports({ family }: { readonly family: string }): Incompatibility | undefined {
  if (family === 'ggdln' || family === 'dln') return undefined;
  return { reason: `it solves ggdln and dln, not ${family}`, remedy: 'Use the architecture ggdln' };
}

/**
 * Gaussian-process regression, the limit of a globally gated deep linear network as all its widths grow:
 * K = σ^{2(L+1)} (XXᵀ/N0) ∘ Π_l Φ^(l)Φ^(l)ᵀ/M_l, mean kᵀ(K + TI)⁻¹Y, variance k(x, x) − kᵀ(K + TI)⁻¹k.
 */
async function solve(problem: Problem, { linalg, signal }: RunContext): Promise<TheoryResult> {
  const { train, test, architecture, temperature } = problem;
  const refused = supports(architecture);
  if (refused) {
    throw new GgdlnError({ code: 'GGDLN_INCOMPATIBLE', where: NAME, problem: refused.reason, remedy: refused.remedy });
  }
  throwIfCancelled(signal, NAME);
  const scale = architecture.sigma ** (2 * (architecture.widths.length + 1));
  const kernel = (a: Problem['train'], b: Problem['train']): Matrix => {
    const inputs = linalg.gemm(a.X, b.X, { transB: true, alpha: scale / a.X.cols });
    const gates = a.gates.map((phi, l) => linalg.gemm(phi, b.gates[l], { transB: true, alpha: 1 / phi.cols }));
    return gates.reduce((product, factor) => hadamard(product, factor), inputs);
  };
  const K = add(kernel(train, train), identity(train.X.rows, temperature));
  const L = linalg.cholesky(K); // GGDLN_NUMERICAL, naming the pivot, where K + TI is singular
  throwIfCancelled(signal, NAME);
  const k = kernel(train, test);
  const mean = linalg.gemm(k, linalg.choleskySolve(L, train.Y), { transA: true });
  const explained = linalg.gemm(k, linalg.choleskySolve(L, k), { transA: true });
  const prior = kernel(test, test);
  const variance = matrix(mean.rows, mean.cols);
  for (let at = 0; at < variance.data.length; at++) {
    const diagonal = Math.floor(at / mean.cols) * (mean.rows + 1);
    // Rounding may leave a number just below zero.
    variance.data[at] = Math.max(0, prior.data[diagonal] - explained.data[diagonal]);
  }
  return { predictor: { mean, variance }, orderParameters: {}, diagnostics: { smallestPivot: smallestPivot(L) } };
}

function smallestPivot({ rows, data }: Matrix): number {
  return Math.min(...Array.from({ length: rows }, (_, i) => data[i * (rows + 1)]));
}

export const plugin: Plugin = {
  name: NAME,
  contract: '1.0.0',
  theory: {
    'template-entry': defineTheory({
      title: 'Template title',
      summary: 'Gaussian-process regression: a globally gated network whose layers are all infinitely wide.',
      references: ['Li & Sompolinsky 2022, arXiv:2210.17449'],
      options: {},
      role: 'infinite-width',
      supports,
      create: () => ({ solve }),
    }),
  },
};
