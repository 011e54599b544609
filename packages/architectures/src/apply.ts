import { inputError } from '@ggdln/core';
import { expandDims, matMul, mul, reshape, sum, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { type Layers, parameterNames, widthOf } from './layers.ts';

/** Parameters and inputs as tensors, by the same names and in the same order as in float64. */
export interface TensorProgram {
  readonly parameters: { readonly [name: string]: Tensor };
  readonly inputs: { readonly X: Tensor; readonly gates: readonly Tensor[] };
}

/**
 * The forward pass in tensor operations that all have gradients; P × C. Weights are read as they are stored: their
 * columns are (gate, unit below), as are those of the gated activities, so each layer is one product.
 */
export function applyGgdln(layers: Layers, { parameters, inputs }: TensorProgram): Tensor {
  requireTensors(layers, { parameters, inputs });
  const { depth } = layers;
  return tidy(() => {
    let h = mul(matMul(inputs.X, parameters.W1, false, true), 1 / Math.sqrt(parameters.W1.shape[1] as number));
    for (let layer = 2; layer <= depth; layer++) {
      const gated = gateUnits(inputs.gates[depth - layer + 1], h);
      const columns = gated.shape[1] as number;
      const weights = reshape(parameters[`W${layer}`], [widthOf(layers, layer), columns]);
      h = mul(matMul(gated, weights, false, true), 1 / Math.sqrt(columns));
    }
    return readOut(inputs.gates[0], h, parameters.a);
  });
}

/** Φ_μm h_μj as P × M·N, gate index slowest. */
function gateUnits(gates: Tensor, h: Tensor): Tensor {
  const [rows, units] = h.shape;
  return reshape(mul(expandDims(gates, 2), expandDims(h, 1)), [rows, (gates.shape[1] as number) * units]);
}

function readOut(gates: Tensor, h: Tensor, a: Tensor): Tensor {
  const [rows, units] = h.shape;
  const count = gates.shape[1] as number;
  const outputs = a.size / (units * count);
  const branches = reshape(matMul(h, reshape(a, [units, count * outputs])), [rows, count, outputs]);
  return mul(sum(mul(branches, expandDims(gates, 2)), 1), 1 / Math.sqrt(units * count));
}

function requireTensors(layers: Layers, { parameters, inputs }: TensorProgram): void {
  const missing = parameterNames(layers.depth).filter((name) => parameters[name] === undefined);
  if (missing.length > 0) {
    throw inputError(layers.where, `apply lacks the parameters ${missing.join(', ')}`, 'Give all that shapes() names');
  }
  if (inputs.gates.length !== layers.depth) {
    throw inputError(
      layers.where,
      `apply has gates for ${inputs.gates.length} layers, the network has ${layers.depth}`,
      'Give one gate tensor a hidden layer, top (readout) layer first',
    );
  }
}
