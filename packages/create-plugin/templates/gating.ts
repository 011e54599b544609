import { boolean, defineGating, type Gating, inputError, integer, type Matrix, type Plugin } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';

const NAME = 'ggdln-plugin-template';

interface RingsOptions {
  readonly gates: number;
  readonly alwaysOn: boolean;
}

/** What `fit` finds: plain JSON, so that it can be stored and sent to workers. */
interface Rings {
  readonly [key: string]: number | readonly number[];
  readonly inputs: number;
  /** Outer radius of every ring but the last, which has none; ascending. */
  readonly radii: readonly number[];
}

/**
 * Gates that open in rings around the origin: g_m(x) = 1 where |x|/√N0 lies in ring m. The radii are quantiles of the
 * training inputs, so that every ring holds as many of them. Targets are never looked at.
 */
function rings({ gates, alwaysOn }: RingsOptions): Gating<Rings> {
  return {
    fit(X) {
      requireInputs(X, X.cols);
      const sorted = radiiOf(X).sort();
      const quantile = (m: number) => sorted[Math.floor((m * sorted.length) / gates)];
      return { inputs: X.cols, radii: Array.from({ length: gates - 1 }, (_, m) => quantile(m + 1)) };
    },
    // A function of one input and the state alone: an input has the same gates in any batch.
    gates({ inputs, radii }, X) {
      requireInputs(X, inputs);
      const names = [...(alwaysOn ? ['always on'] : []), ...Array.from({ length: gates }, (_, m) => `ring ${m + 1}`)];
      const values = matrix(X.rows, names.length);
      radiiOf(X).forEach((radius, row) => {
        const ring = radii.filter((outer) => outer <= radius).length;
        if (alwaysOn) values.data[row * names.length] = 1;
        values.data[row * names.length + ring + (alwaysOn ? 1 : 0)] = 1;
      });
      return { values, names };
    },
  };
}

function radiiOf({ rows, cols, data }: Matrix): Float64Array {
  const squares = new Float64Array(rows);
  data.forEach((x, at) => {
    squares[Math.floor(at / cols)] += (x * x) / cols;
  });
  return squares.map(Math.sqrt);
}

/** Bad input is an error that says what was received; it never becomes NaN. */
function requireInputs({ rows, cols, data }: Matrix, inputs: number): void {
  if (cols !== inputs) throw inputError(NAME, `X is ${rows} × ${cols}`, `Give inputs with ${inputs} columns`);
  const bad = data.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) throw inputError(NAME, `X has ${data[bad]} in row ${Math.floor(bad / cols)}`, 'Give finite numbers');
}

export const plugin: Plugin = {
  name: NAME,
  contract: '1.0.0',
  gating: {
    'template-entry': defineGating({
      title: 'Template title',
      summary: 'A gate is open where the length of an input lies in its ring.',
      options: {
        gates: integer({ title: 'Rings', symbol: 'M', min: 1, default: 4, help: 'Number of rings.' }),
        alwaysOn: boolean({ title: 'Always-on gate', default: true, help: 'Put a gate equal to 1 first.' }),
      },
      create: rings,
    }),
  },
};
