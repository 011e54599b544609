import {
  type Architecture,
  type GatedInputs,
  inputError,
  type Matrix,
  type NetworkDimensions,
  unknownNameError,
  type Parameters as Weights,
} from '@ggdln/core';
import { matrix, requireMatrix } from '@ggdln/linalg';
import { matMul, mul, reshape, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { requireAlwaysOn, requireOneGate } from '../alwaysOn.ts';
import { type GgdlnOptions, parameterNames, readLayers } from '../layers.ts';
import { ACTIVATIONS, type ActivationName, unitActivations } from './activations.ts';
import { mlpProgram } from './program.ts';

const where = '@ggdln/architectures createMlp';

/** Options of `createMlp`: depth, width or widths, sigma as of `createGgdln`, and the activation. */
export interface MlpOptions extends GgdlnOptions {
  /** φ of every hidden unit: `relu`, `erf` or `linear`. */
  readonly activation: ActivationName;
}

/** A fully connected network with what it has beyond the required members of an architecture. */
export type Mlp = Architecture<Tensor> &
  Required<Pick<Architecture<Tensor>, 'apply' | 'gradient' | 'activation' | 'inputWeights'>>;

/**
 * A fully connected network without biases (theory page bpkr, section 6): h^(1) = W1 x/√N0,
 * h^(l) = W_l φ(h^(l−1))/√N_{l−1}, f = aᵀφ(h^(L))/√N_L; φ is max(0, h) for `relu` (no √2), erf(h) for `erf`.
 * Its prior at infinite width is the Gaussian process of theory's kernel of the same activation with σ in every layer.
 *
 * Parameters, row-major: `a` N_L × C, `W_l` N_l × N_{l−1}. It has no gates: it takes those of the gating always-on.
 * @throws GGDLN_INPUT for a depth, width or σ that no network has, or an unknown activation; its methods throw
 * GGDLN_INCOMPATIBLE for gates that are not always on.
 */
export function createMlp(options: MlpOptions): Mlp {
  const layers = readLayers(options, where);
  const { activation: name } = options;
  if (!ACTIVATIONS.includes(name)) throw unknownNameError(where, 'activation', name, ACTIVATIONS);
  const activation = unitActivations[name];
  /** [N0, N_1, …, N_L]. */
  const unitsFrom = (inputs: number) => [inputs, ...layers.widths.toReversed()];
  const program: Mlp['gradient'] = (examples, precision, linalg) => {
    const { inputs } = examples;
    requireInputs(layers.depth, inputs);
    return mlpProgram({ units: unitsFrom(inputs.X.cols), activation }, examples, { precision, linalg, where });
  };
  return {
    family: 'mlp',
    widths: layers.widths,
    sigma: layers.sigma,
    activation: name,
    inputWeights: 'W1',
    shapes: (dimensions) => shapesOf(unitsFrom(dimensions.inputs), dimensions),
    predict(parameters, inputs, linalg) {
      const theta = flatWeights(unitsFrom(inputs.X.cols), parameters);
      const outputs = parameters.a.length / layers.widths[0];
      const examples = { inputs, targets: matrix(inputs.X.rows, outputs) };
      return { ...examples.targets, data: program<Float64Array>(examples, Float64Array, linalg).outputs(theta) };
    },
    apply(parameters, inputs) {
      requireTensors(layers.depth, parameters, inputs.gates);
      return tidy(() => {
        let h = times(inputs.X, parameters.W1);
        for (let l = 2; l <= layers.depth; l++) h = times(activation.tensor(h), parameters[`W${l}`]);
        const readout = reshape(parameters.a, [layers.widths[0], parameters.a.size / layers.widths[0]]);
        return mul(matMul(activation.tensor(h), readout), 1 / Math.sqrt(layers.widths[0]));
      });
    },
    gradient: program,
  };
}

/** x Wᵀ/√N. */
function times(x: Tensor, W: Tensor): Tensor {
  return mul(matMul(x, W, false, true), 1 / Math.sqrt(W.shape[1] as number));
}

function shapesOf(units: readonly number[], { gates, outputs }: NetworkDimensions): Record<string, readonly number[]> {
  const depth = units.length - 1;
  requireLayers(depth, gates);
  for (const count of gates) requireOneGate(where, count);
  for (const [name, count] of [
    ['inputs', units[0]],
    ['outputs', outputs],
  ] as const) {
    if (!Number.isInteger(count) || count < 1) {
      throw inputError(where, `the number of ${name} is ${count}`, 'It must be a whole number ≥ 1');
    }
  }
  const shapes: Record<string, readonly number[]> = { a: [units[depth], outputs] };
  for (let l = depth; l >= 1; l--) shapes[`W${l}`] = [units[l], units[l - 1]];
  return shapes;
}

function requireInputs(depth: number, { X, gates }: GatedInputs): void {
  requireMatrix(where, 'X (P × N0)', X);
  requireLayers(depth, gates);
  for (const values of gates) {
    requireMatrix(where, 'the gates of a layer (P × 1)', values, { rows: X.rows });
    requireAlwaysOn(where, values);
  }
}

function requireTensors(
  depth: number,
  parameters: { readonly [name: string]: Tensor },
  gates: readonly Tensor[],
): void {
  const missing = parameterNames(depth).filter((name) => parameters[name] === undefined);
  if (missing.length > 0) {
    throw inputError(where, `apply lacks the parameters ${missing.join(', ')}`, 'Give all that shapes() names');
  }
  requireLayers(depth, gates);
  for (const values of gates) requireOneGate(where, values.shape[1] as number);
}

function requireLayers(depth: number, gates: readonly (Matrix | Tensor | number)[]): void {
  if (gates.length === depth) return;
  throw inputError(
    where,
    `gates are given for ${gates.length} layers, the network has ${depth}`,
    'Give one column of ones a hidden layer, as the gating always-on does',
  );
}

/** Parameters end to end, in the order of `shapes`. */
function flatWeights(units: readonly number[], parameters: Weights): Float64Array {
  const depth = units.length - 1;
  const outputs = (parameters.a?.length ?? 0) / units[depth];
  const shapes = shapesOf(units, {
    inputs: units[0],
    gates: new Array<number>(depth).fill(1),
    outputs: Number.isInteger(outputs) && outputs > 0 ? outputs : 1,
  });
  const parts = Object.entries(shapes).map(([name, [rows, cols]]) => {
    const values = parameters[name];
    if (values instanceof Float64Array && values.length === rows * cols) return values;
    const found = values instanceof Float64Array ? `has ${values.length} numbers` : 'is not a Float64Array';
    throw inputError(where, `parameter ${name} ${found}`, `It should hold ${rows} × ${cols} = ${rows * cols} numbers`);
  });
  const theta = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    theta.set(part, offset);
    offset += part.length;
  }
  return theta;
}
