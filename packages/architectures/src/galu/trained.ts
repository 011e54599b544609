import { type Architecture, inputError, type NetworkDimensions, type Parameters, unknownNameError } from '@ggdln/core';
import { matrix, requireMatrix } from '@ggdln/linalg';
import { requireAlwaysOn, requireOneGate } from '../alwaysOn.ts';
import { trainedGaluProgram } from '../gradients/trainedGaluProgram.ts';

const where = '@ggdln/architectures createTrainedGalu';

export const TRAINED_GATES = ['sigmoid', 'straight-through'] as const;

/** Options of `createTrainedGalu`. */
export interface TrainedGaluOptions {
  /** Neurons k. */
  readonly width: number;
  /** Prior standard deviation σ of every weight, gate vectors too. */
  readonly sigma: number;
  /**
   * `sigmoid`: g = σ(β u·x/√d). `straight-through`: g = 1[u·x ≥ 0] going forward and the sigmoid's slope going back, a
   * surrogate: the true gradient is zero almost everywhere.
   */
  readonly gate: (typeof TRAINED_GATES)[number];
  /** β ≥ 0, steepness of the sigmoid: 0 is a linear network, ∞ has hard gates. */
  readonly beta: number;
}

/** A layer of gated linear units with trained gates, and what it has beyond the required members. */
export type TrainedGalu = Architecture & Required<Pick<Architecture, 'gradient' | 'activation'>>;

/**
 * Gated linear units whose gates are trained (theory page galu, section 6): f_c(x) = Σ_j g_j(x) W_cj·x / √(k d), where
 * gate j is made by its gate vector u_j. No theory solves them: outputs are not linear in all weights.
 *
 * Parameters, row-major: `U` k × d, `W` k × d (C × k × d for several outputs). Its gates are parameters: it takes those
 * of the gating always-on.
 * @throws GGDLN_INPUT for sizes, σ or β that no network has; its methods throw GGDLN_INCOMPATIBLE for gates that are not
 * always on.
 */
export function createTrainedGalu({ width, sigma, gate, beta }: TrainedGaluOptions): TrainedGalu {
  if (!TRAINED_GATES.includes(gate)) throw unknownNameError(where, 'gate', gate, TRAINED_GATES);
  if (!Number.isInteger(width) || width < 1) throw inputError(where, `width is ${width}`, 'Give a whole number ≥ 1');
  for (const [name, value, least] of [
    ['sigma', sigma, Number.MIN_VALUE],
    ['beta', beta, 0],
  ] as const) {
    if (value >= least && Number.isFinite(value)) continue;
    throw inputError(where, `${name} is ${value}`, `Give a finite number ${least === 0 ? '≥' : '>'} 0`);
  }
  const program: TrainedGalu['gradient'] = ({ inputs, targets }, precision, linalg) => {
    requireMatrix(where, 'X (P × d)', inputs.X);
    requireOneLayer(inputs.gates.length);
    requireMatrix(where, 'the gates (P × 1)', inputs.gates[0], { rows: inputs.X.rows });
    requireAlwaysOn(where, inputs.gates[0]);
    const network = { neurons: width, beta, hard: gate === 'straight-through' };
    return trainedGaluProgram(network, { inputs, targets }, { precision, linalg, where });
  };
  const shapes = ({ inputs, gates, outputs }: NetworkDimensions) => {
    requireOneLayer(gates.length);
    requireOneGate(where, gates[0]);
    for (const [name, count] of Object.entries({ inputs, outputs })) {
      if (Number.isInteger(count) && count >= 1) continue;
      throw inputError(where, `the number of ${name} is ${count}`, 'It must be a whole number ≥ 1');
    }
    return { U: [width, inputs], W: outputs === 1 ? [width, inputs] : [outputs, width, inputs] };
  };
  return {
    family: 'galu-trained',
    widths: [width],
    sigma,
    activation: gate,
    shapes,
    predict(parameters, inputs, linalg) {
      const one = width * inputs.X.cols;
      const outputs = outputsOf(parameters, one);
      const targets = matrix(inputs.X.rows, outputs);
      const theta = new Float64Array(one * (outputs + 1));
      theta.set(parameters.U);
      theta.set(parameters.W, one);
      return { ...targets, data: program({ inputs, targets }, Float64Array, linalg).outputs(theta) };
    },
    gradient: program,
  };
}

/** @param one Numbers of a k × d matrix. */
function outputsOf(parameters: Parameters, one: number): number {
  for (const [name, fits] of [
    ['U', (length: number) => length === one],
    ['W', (length: number) => length > 0 && length % one === 0],
  ] as const) {
    const values = parameters[name];
    if (values instanceof Float64Array && fits(values.length)) continue;
    const found = values instanceof Float64Array ? `has ${values.length} numbers` : 'is not a Float64Array';
    const each = name === 'U' ? '' : ' for each output';
    throw inputError(where, `parameter ${name} ${found}`, `It should hold k × d = ${one} numbers${each}`);
  }
  return parameters.W.length / one;
}

function requireOneLayer(count: number): void {
  if (count === 1) return;
  throw inputError(
    where,
    `gates are given for ${count} layers`,
    'Give one column of ones, as the gating always-on does',
  );
}
