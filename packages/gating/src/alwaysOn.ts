import { defineGating, type Gates, type Gating, type GatingEntry, type Matrix } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { requireSameDimension, requireTrainingInputs } from './inputs.ts';

const where = '@ggdln/gating always-on';

/** Name of the gate that is 1 at every input. */
export const ALWAYS_ON = 'always on';

/** One gate equal to 1 at each of the inputs, P × 1: the network is then a deep linear one (theory page, 7.4). */
export function alwaysOnGates(X: Matrix): Gates {
  return { values: matrix(X.rows, 1, new Float64Array(X.rows).fill(1)), names: [ALWAYS_ON] };
}

/** The given gates after one that is always on: gate 0 is `always on`, gate m + 1 is what gate m was. */
export function withAlwaysOn({ values, names }: Gates): Gates {
  const cols = values.cols + 1;
  const out = matrix(values.rows, cols);
  for (let i = 0; i < values.rows; i++) {
    out.data[i * cols] = 1;
    out.data.set(values.data.subarray(i * values.cols, (i + 1) * values.cols), i * cols + 1);
  }
  return { values: out, names: [ALWAYS_ON, ...names] };
}

/** The gating with a single gate, equal to 1. Its state is the input dimension. */
export function alwaysOn(): Gating<{ readonly inputs: number }> {
  return {
    fit(X) {
      requireTrainingInputs(where, X);
      return { inputs: X.cols };
    },
    gates(state, X) {
      requireSameDimension(where, X, state.inputs);
      return alwaysOnGates(X);
    },
  };
}

/** One gate equal to 1. */
export const alwaysOnEntry: GatingEntry = defineGating({
  title: 'Always on',
  summary: 'One gate equal to 1: the deep linear network.',
  references: ['Li & Sompolinsky 2021, Phys. Rev. X 11, 031059, arXiv:2012.04030'],
  options: {},
  create: alwaysOn,
});
