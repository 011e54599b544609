import {
  defineTheory,
  GgdlnError,
  type Incompatibility,
  type ProblemTraits,
  type TheoryEntry,
  throwIfCancelled,
} from '@ggdln/core';
import { infiniteWidthPredictor } from '../ggdln/infiniteWidth.ts';

const where = '@ggdln/theory galu';
const FAMILY = 'galu';

/**
 * The posterior of a GaLU network in the registry. It is the Gaussian process that a globally gated network of one
 * hidden layer becomes at infinite width, with weight variance σ⁴ there for σ² here (theory page galu, section 7).
 */
export const galuEntry: TheoryEntry = defineTheory({
  role: 'theory',
  accuracy: 'exact',
  title: 'Posterior of GaLU',
  summary: 'Gaussian-process regression with the kernel of a gated linear layer; exact for any number of neurons.',
  references: ['Fiat, Malach & Shalev-Shwartz 2019, arXiv:1906.05032'],
  equation: 'galu/7',
  options: {},
  supports: ({ family }: ProblemTraits): Incompatibility | undefined =>
    family === FAMILY
      ? undefined
      : {
          reason: `this theory solves one layer of gated linear units (${FAMILY}), not ${family}`,
          remedy: 'Use the architecture galu, or leave this theory out of the experiment',
        },
  create: () => ({
    solve: async ({ train, test, architecture, temperature }, { linalg, memoryLimit, signal }) => {
      throwIfCancelled(signal, where);
      if (architecture.family !== FAMILY) {
        throw new GgdlnError({
          code: 'GGDLN_INCOMPATIBLE',
          where,
          problem: `the architecture's family is ${architecture.family}`,
          remedy: `This theory solves ${FAMILY}`,
        });
      }
      const problem = {
        X: train.X,
        y: train.Y,
        gates: train.gates,
        test: { X: test.X, gates: test.gates },
        sigma: Math.sqrt(architecture.sigma),
        temperature,
      };
      const { predictor, effectiveDof, rank, conditionNumber } = await infiniteWidthPredictor(problem, {
        linalg,
        ...(memoryLimit === undefined ? {} : { memoryLimit }),
      });
      return { predictor, orderParameters: {}, diagnostics: { effectiveDof, rank, conditionNumber } };
    },
  }),
});
