/**
 * A dataset and a theory in one plugin: points of a circle whose label changes sign around it, and what a gated network
 * says before it has seen any data. A plugin is data, so this file imports nothing at run time.
 * @import { Dataset, Incompatibility, Matrix, Plugin, Problem, RandomStream, RunContext, TheoryResult } from '@ggdln/core'
 */

const NAME = 'ggdln-plugin-circle';

/** @typedef {{ trainSize: number, testSize: number, waves: number, noise: number }} CircleOptions */

/** @satisfies {Plugin} */
export const plugin = {
  name: NAME,
  contract: '1.0.0',
  dataset: {
    circle: {
      title: 'Circle',
      summary: 'Points of a circle; the target is a wave around it, which no linear network can follow.',
      options: {
        trainSize: {
          type: 'integer',
          title: 'Training examples',
          symbol: 'P',
          min: 1,
          max: 100000,
          default: 40,
          help: 'At random angles.',
        },
        testSize: { type: 'integer', title: 'Test examples', min: 1, max: 100000, default: 40, help: 'Evenly spaced.' },
        waves: { type: 'integer', title: 'Waves', min: 1, max: 1000, default: 3, help: 'Periods of the target.' },
        noise: {
          type: 'number',
          title: 'Label noise',
          min: 0,
          max: 100,
          default: 0,
          help: 'Added to training targets.',
        },
      },
      create: (options, { rng }) => circle(/** @type {CircleOptions} */ (options), rng),
    },
  },
  theory: {
    prior: {
      title: 'Before any data',
      summary: 'Mean and variance of a gated network with weights from its prior; exact at every width.',
      references: ['Li & Sompolinsky 2022, arXiv:2210.17449'],
      options: {},
      role: 'theory',
      supports: ({ family }) => unsupported(family),
      create: () => ({ solve }),
    },
  },
};

/**
 * Inputs (√2 cos φ, √2 sin φ), so that |x|² = N0; targets cos(waves · φ).
 * @param {CircleOptions} options
 * @param {RandomStream} rng
 * @returns {Dataset}
 */
function circle({ trainSize, testSize, waves, noise }, rng) {
  const stream = rng.stream('train');
  const angles = Array.from({ length: trainSize }, () => 2 * Math.PI * stream.uniform());
  const grid = Array.from({ length: testSize }, (_, i) => (2 * Math.PI * i) / testSize);
  /** @param {number[]} at */
  const inputs = (at) =>
    matrix(
      at.length,
      2,
      at.flatMap((phi) => [Math.SQRT2 * Math.cos(phi), Math.SQRT2 * Math.sin(phi)]),
    );
  const noisy = angles.map((phi) => Math.cos(waves * phi) + noise * stream.gaussian());
  const exact = grid.map((phi) => Math.cos(waves * phi));
  return {
    train: { X: inputs(angles), Y: matrix(trainSize, 1, noisy) },
    test: { X: inputs(grid), Y: matrix(testSize, 1, exact) },
    provenance: { dataset: 'circle', trainSize, testSize, waves, noise },
  };
}

/**
 * E f = 0 and E f² = σ^{2(L+1)} (|x|²/N0) Π_l |Φ^(l)(x)|²/M_l, at every width.
 * @param {Problem} problem
 * @param {RunContext} context
 * @returns {Promise<TheoryResult>}
 */
async function solve({ architecture, test }, { signal }) {
  const refused = unsupported(architecture.family);
  if (refused) throw error('GGDLN_INCOMPATIBLE', `${refused.reason}. ${refused.remedy}.`);
  if (signal?.aborted) throw error('GGDLN_CANCELLED', 'cancelled by the caller.');
  const scale = architecture.sigma ** (2 * (architecture.widths.length + 1));
  const { rows, cols } = test.Y;
  const factors = [test.X, ...test.gates].map(meanSquares);
  const variances = Array.from({ length: rows }, (_, row) => factors.reduce((product, of) => product * of[row], scale));
  return {
    predictor: {
      mean: matrix(rows, cols, new Array(rows * cols).fill(0)),
      variance: matrix(
        rows,
        cols,
        variances.flatMap((variance) => new Array(cols).fill(variance)),
      ),
    },
    orderParameters: {},
    diagnostics: {},
  };
}

/**
 * @param {string} family
 * @returns {Incompatibility | undefined}
 */
function unsupported(family) {
  if (family === 'ggdln' || family === 'dln') return undefined;
  return { reason: `the theory prior is of ggdln and dln, not of ${family}`, remedy: 'Use the architecture ggdln' };
}

/**
 * |row|² / columns of each row.
 * @param {Matrix} matrix
 */
function meanSquares({ rows, cols, data }) {
  return Array.from({ length: rows }, (_, row) =>
    data.subarray(row * cols, (row + 1) * cols).reduce((sum, value) => sum + (value * value) / cols, 0),
  );
}

/**
 * @param {number} rows
 * @param {number} cols
 * @param {number[]} values
 * @returns {Matrix}
 */
function matrix(rows, cols, values) {
  return { rows, cols, data: Float64Array.from(values) };
}

/**
 * @param {string} code
 * @param {string} message
 */
function error(code, message) {
  return Object.assign(new Error(`[${NAME}] ${message}`), { code });
}
