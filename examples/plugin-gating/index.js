/**
 * A gating that opens in parallel stripes: g_m(x) = 1 where cos(2π (V_m·x/√N0) / period + phase_m) > 0.
 * A plugin is data, so this file imports nothing at run time; the types come from @ggdln/core.
 * @import { Gating, Matrix, Plugin } from '@ggdln/core'
 */

/** @typedef {{ gates: number, period: number, alwaysOn: boolean }} StripesOptions */
/** @typedef {{ V: number[][], phases: number[], inputs: number }} Stripes What `fit` draws; plain JSON. */

/** @satisfies {Plugin} */
export const plugin = {
  name: 'ggdln-plugin-stripes',
  contract: '1.0.0',
  gating: {
    stripes: {
      title: 'Stripes',
      summary: 'A gate is open in every other stripe across a random direction.',
      options: {
        gates: { type: 'integer', title: 'Gates', symbol: 'M', min: 1, default: 6, help: 'Number of striped gates.' },
        period: {
          type: 'number',
          title: 'Period',
          min: 0,
          exclusiveMin: true,
          default: 2,
          help: 'Width of an open and a closed stripe together, for inputs with |x|² = N0.',
        },
        alwaysOn: { type: 'boolean', title: 'Always-on gate', default: true, help: 'Put a gate equal to 1 first.' },
      },
      create: (options) => createStripes(/** @type {StripesOptions} */ (options)),
    },
  },
};

/**
 * @param {StripesOptions} options
 * @returns {Gating}
 */
function createStripes({ gates, period, alwaysOn }) {
  return {
    fit(X, { rng }) {
      requireInputs(X, X.cols);
      const V = Array.from({ length: gates }, () => Array.from({ length: X.cols }, () => rng.gaussian()));
      const phases = V.map(() => 2 * Math.PI * rng.uniform());
      return { V, phases, inputs: X.cols };
    },
    gates(state, X) {
      const { V, phases, inputs } = /** @type {Stripes} */ (/** @type {unknown} */ (state));
      requireInputs(X, inputs);
      const values = Array.from({ length: X.rows }, (_, i) => {
        const x = X.data.subarray(i * inputs, (i + 1) * inputs);
        const open = V.map((v, m) => isOpen(v, x, period, phases[m]));
        return alwaysOn ? [1, ...open] : open;
      });
      const names = V.map((_, m) => `stripes ${m + 1}`);
      const cols = alwaysOn ? ['always on', ...names] : names;
      return { values: { rows: X.rows, cols: cols.length, data: Float64Array.from(values.flat()) }, names: cols };
    },
  };
}

/**
 * @param {number[]} v
 * @param {Float64Array} x
 * @param {number} period
 * @param {number} phase
 */
function isOpen(v, x, period, phase) {
  const along = x.reduce((sum, value, j) => sum + value * v[j], 0) / Math.sqrt(x.length);
  return Math.cos((2 * Math.PI * along) / period + phase) > 0 ? 1 : 0;
}

/**
 * @param {Matrix} X
 * @param {number} inputs
 */
function requireInputs(X, inputs) {
  if (X.cols !== inputs) throw refuse(`X has ${X.cols} columns, the stripes were drawn for ${inputs}`);
  const bad = X.data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw refuse(`X has ${X.data[bad]} in row ${Math.floor(bad / X.cols)}`);
}

/** @param {string} problem */
function refuse(problem) {
  return Object.assign(new Error(`[ggdln-plugin-stripes] ${problem}.`), { code: 'GGDLN_INPUT' });
}
