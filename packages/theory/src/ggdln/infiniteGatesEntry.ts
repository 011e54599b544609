import {
  boolean,
  defineTheory,
  GgdlnError,
  type Incompatibility,
  type Matrix,
  number,
  type ProblemTraits,
  type TheoryEntry,
} from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { requireKernelMemory } from '../kernelMemory.ts';
import { infiniteGatesPredictor } from './infiniteGates.ts';

const where = '@ggdln/theory infinite-gates';
const FAMILY = 'ggdln';

/**
 * The reference line of infinitely many random half-spaces at infinite width. The problem's own gates are not looked
 * at: it is what `infinite-width` tends to as the gating `half-spaces` gets more and more gates.
 */
export const infiniteGatesEntry: TheoryEntry = defineTheory({
  role: 'infinite-width',
  title: 'Infinite width, infinitely many half-spaces',
  summary: 'Gaussian-process regression with the gate kernel of many random half-spaces, whatever gates are used.',
  references: ['Li & Sompolinsky 2022, arXiv:2210.17449', 'Cho & Saul 2009, Kernel Methods for Deep Learning'],
  equation: 'ggdln/9',
  options: {
    threshold: number({
      title: 'Threshold',
      symbol: 'b',
      default: 0,
      help: 'That of the half-spaces to compare with.',
      equation: 'ggdln/9',
    }),
    centre: boolean({
      title: 'Centre gate inputs',
      default: true,
      help: 'Subtract the mean training input from what the gates see, as half-spaces do.',
      equation: 'ggdln/9',
    }),
  },
  supports: ({ family }: ProblemTraits): Incompatibility | undefined =>
    family === FAMILY
      ? undefined
      : {
          reason: `infinitely many gates are the limit of networks with half-space gates (${FAMILY}), not of ${family}`,
          remedy: 'Use the architecture ggdln, or leave this theory out of the experiment',
        },
  create: ({ threshold, centre }) => ({
    solve: async ({ train, test, architecture, temperature }, { linalg, memoryLimit, signal }) => {
      const { family, widths, sigma } = architecture;
      if (family !== FAMILY) {
        throw new GgdlnError({
          code: 'GGDLN_INCOMPATIBLE',
          where,
          problem: `the architecture's family is ${family}`,
          remedy: `This theory solves ${FAMILY}`,
        });
      }
      requireKernelMemory(where, train.X.rows, test.X.rows, { limit: memoryLimit, held: 3 });
      const seen = (X: Matrix) => (centre ? { X, gateX: minusMean(X, train.X) } : { X });
      const { predictor, effectiveDof } = await infiniteGatesPredictor(
        {
          ...seen(train.X),
          y: train.Y,
          test: seen(test.X),
          depth: widths.length,
          sigma,
          temperature,
          threshold,
        },
        { linalg, ...(signal ? { signal } : {}) },
      );
      return { predictor, orderParameters: {}, diagnostics: { effectiveDof } };
    },
  }),
});

/** X less the mean row of another matrix. */
function minusMean(X: Matrix, of: Matrix): Matrix {
  const mean = new Float64Array(of.cols);
  for (let at = 0; at < of.data.length; at++) mean[at % of.cols] += of.data[at] / of.rows;
  return matrix(
    X.rows,
    X.cols,
    X.data.map((value, at) => value - mean[at % X.cols]),
  );
}
