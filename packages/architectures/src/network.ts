import { type GatedInputs, inputError, type Matrix, type NetworkDimensions, type Parameters } from '@ggdln/core';
import { matrix, requireMatrix, rowKronecker } from '@ggdln/linalg';
import { type Layers, parameterNames, widthOf } from './layers.ts';

type Shapes = { readonly [name: string]: readonly number[] };

/** Shapes of the parameters; see `createGgdln` for what they mean. */
export function parameterShapes(layers: Layers, dimensions: NetworkDimensions): Shapes {
  const { inputs, gates, outputs } = dimensions;
  requireCounts(layers, dimensions);
  const { depth } = layers;
  const shapes: Record<string, readonly number[]> = {};
  const top = [widthOf(layers, depth), gates[0]];
  shapes.a = outputs === 1 ? top : [...top, outputs];
  for (let layer = depth; layer > 1; layer--) {
    shapes[`W${layer}`] = [widthOf(layers, layer), gates[depth - layer + 1], widthOf(layers, layer - 1)];
  }
  shapes.W1 = [widthOf(layers, 1), inputs];
  return shapes;
}

function requireCounts(layers: Layers, { inputs, gates, outputs }: NetworkDimensions): void {
  if (gates.length !== layers.depth) {
    throw inputError(
      layers.where,
      `gates are given for ${gates.length} layers, the network has ${layers.depth}`,
      'Give one gate matrix a hidden layer, top (readout) layer first',
    );
  }
  for (const [name, count] of [
    ['the number of inputs N0', inputs],
    ['the number of outputs C', outputs],
    ...gates.map((count, i) => [`the number of gates of layer ${layers.depth - i}`, count] as const),
  ] as const) {
    if (!Number.isInteger(count) || count < 1) {
      throw inputError(layers.where, `${name} is ${count}`, 'It must be a whole number ≥ 1');
    }
  }
}

/** Checks inputs and gates. @throws GGDLN_INPUT with the shapes or the place of an entry that isn't finite. */
export function requireInputs(layers: Layers, inputs: GatedInputs): void {
  const { X, gates } = inputs;
  requireMatrix(layers.where, 'X (P × N0)', X);
  requireCounts(layers, { inputs: X.cols, gates: gates.map((g) => g.cols), outputs: 1 });
  for (const [i, values] of gates.entries()) {
    requireMatrix(layers.where, `the gate matrix of layer ${layers.depth - i} (P × M)`, values, { rows: X.rows });
  }
}

/** What the shapes of the parameters depend on, read off the inputs and off the length of `a`. */
export function dimensionsOf(layers: Layers, parameters: Parameters, inputs: GatedInputs): NetworkDimensions {
  const gates = inputs.gates.map((values) => values.cols);
  const outputs = (parameters.a?.length ?? 0) / (layers.widths[0] * gates[0]);
  const whole = Number.isInteger(outputs) && outputs > 0;
  return { inputs: inputs.X.cols, gates, outputs: whole ? outputs : 1 };
}

/** Checks that every parameter is there with as many numbers as its shape holds. */
export function requireParameters(layers: Layers, parameters: Parameters, dimensions: NetworkDimensions): void {
  const shapes = parameterShapes(layers, dimensions);
  for (const name of parameterNames(layers.depth)) {
    const shape = shapes[name];
    const size = shape.reduce((product, n) => product * n, 1);
    const values = parameters[name];
    if (!(values instanceof Float64Array) || values.length !== size) {
      const found = values instanceof Float64Array ? `has ${values.length} numbers` : 'is not a Float64Array';
      throw inputError(
        layers.where,
        `parameter ${name} ${found}`,
        `It should hold ${shape.join(' × ')} = ${size} numbers`,
      );
    }
  }
}

/** A parameter as a matrix with one row a unit above it: a as N_L × M_L·C, W_l as N_l × M_{l−1}·N_{l−1}. */
export function weightMatrix(layers: Layers, parameters: Parameters, name: string): Matrix {
  const data = parameters[name];
  const rows = name === 'a' ? layers.widths[0] : widthOf(layers, Number(name.slice(1)));
  return matrix(rows, data.length / rows, data);
}

/**
 * Composite gates F (P × ∏M_l) of all layers: row μ is Φ^(L)_μ ⊗ … ⊗ Φ^(1)_μ, the index m_L slowest
 * (theory page ggdln, section 1).
 * @param gates Φ^(L), …, Φ^(1), each P × M_l.
 */
export function compositeGates(gates: readonly Matrix[]): Matrix {
  if (gates.length === 0) {
    throw inputError('@ggdln/architectures compositeGates', 'there are no gates', 'Give one matrix a hidden layer');
  }
  return gates.reduce((product, values) => rowKronecker(product, values));
}
