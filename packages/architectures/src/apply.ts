import { inputError } from '@ggdln/core';
import { expandDims, matMul, mul, reshape, sum, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { type GatedPlan, planGated } from './gradients/gatedPlan.ts';
import { type Layers, parameterNames } from './layers.ts';

/** Parameters and inputs as tensors, by the same names and in the same order as in float64. */
export interface TensorProgram {
  readonly parameters: { readonly [name: string]: Tensor };
  readonly inputs: { readonly X: Tensor; readonly gates: readonly Tensor[] };
}

/**
 * The forward pass in tensor operations that all have gradients; P × C. Weights are read as they are stored: their
 * columns are (gate, unit below), as are those of the gated activities, so each layer is one product. The order of the
 * products is the cheapest one, that of `planGated`.
 */
export function applyGgdln(layers: Layers, { parameters, inputs }: TensorProgram): Tensor {
  requireTensors(layers, { parameters, inputs });
  const [rows, N0] = inputs.X.shape as [number, number];
  const gates = inputs.gates.map(({ shape }) => shape[1] as number);
  const outputs = parameters.a.size / (layers.widths[0] * gates[0]);
  const plan = planGated(layers, { rows, inputs: N0, gates, outputs });
  return tidy(() => {
    const below = fromBelow(plan, { parameters, inputs });
    const transposed = plan.meeting < layers.depth;
    const branches = matMul(below, fromAbove(plan, parameters), false, transposed);
    const { depth } = layers;
    const composite = inputs.gates.slice(0, depth + 1 - Math.max(plan.meeting, 1)).reduce(multiplyGates);
    return mul(sumBranches(plan, composite, branches), 1 / Math.sqrt(plan.unitsOf(depth) * gates[0]));
  });
}

/** h^(k) at the meeting layer k; X for k = 0. */
function fromBelow({ meeting, layers, unitsOf, columnsOf }: GatedPlan, { parameters, inputs }: TensorProgram): Tensor {
  let h = inputs.X;
  for (let layer = 1; layer <= meeting; layer++) {
    const features = layer === 1 ? h : gateUnits(inputs.gates[layers.depth - layer + 1], h);
    const columns = columnsOf(layer);
    const weights = reshape(parameters[`W${layer}`], [unitsOf(layer), columns]);
    h = mul(matMul(features, weights, false, true), 1 / Math.sqrt(columns));
  }
  return h;
}

/** Weights above the meeting layer contracted, branches × N_k; the readout as it is stored, N_L × branches, for k = L. */
function fromAbove(plan: GatedPlan, parameters: TensorProgram['parameters']): Tensor {
  const { meeting, layers, unitsOf, columnsOf, branchesOf } = plan;
  const { depth } = layers;
  let V: Tensor = reshape(parameters.a, [unitsOf(depth), branchesOf(depth)]);
  for (let layer = depth; layer > meeting; layer--) {
    const columns = columnsOf(layer);
    const weights = reshape(parameters[`W${layer}`], [unitsOf(layer), columns]);
    const product = mul(matMul(V, weights, layer === depth, false), 1 / Math.sqrt(columns));
    V = reshape(product, [product.size / unitsOf(layer - 1), unitsOf(layer - 1)]);
  }
  return V;
}

/** The rows' Kronecker products, P × M·M′. */
function multiplyGates(upper: Tensor, lower: Tensor): Tensor {
  const columns = (upper.shape[1] as number) * (lower.shape[1] as number);
  return reshape(mul(expandDims(upper, 2), expandDims(lower, 1)), [upper.shape[0], columns]);
}

/** f_μc = Σ_mq F_μ(mq) B_μ(mcq). */
function sumBranches({ rows, outputs, layers, gatesOf }: GatedPlan, gates: Tensor, branches: Tensor): Tensor {
  if (outputs === 1) return sum(mul(gates, branches), 1, true);
  const heads = gatesOf(layers.depth);
  const rest = (gates.shape[1] as number) / heads;
  const open = reshape(gates, [rows, heads, 1, rest]);
  return sum(mul(reshape(branches, [rows, heads, outputs, rest]), open), [1, 3]);
}

/** Φ_μm h_μj as P × M·N, gate index slowest. */
function gateUnits(gates: Tensor, h: Tensor): Tensor {
  const [rows, units] = h.shape;
  return reshape(mul(expandDims(gates, 2), expandDims(h, 1)), [rows, (gates.shape[1] as number) * units]);
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
