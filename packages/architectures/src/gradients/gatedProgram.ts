import type { FlatArray, GatedExamples, GradientProgram, Matrix } from '@ggdln/core';
import type { Layers } from '../layers.ts';
import { compositeGates, requireInputs } from '../network.ts';
import { type BranchShape, gateUnits, spreadResiduals, sumBranches, sumOverGates } from './branches.ts';
import { type Engine, inPrecision, onDemand, requireTargetMatrix, requireWeights, residualEnergy } from './flat.ts';
import { type GatedPlan, planGated } from './gatedPlan.ts';

/**
 * The gradient program of a globally gated deep linear network (see `createGgdln`) at any depth and with any number of
 * outputs. Layers are matrix products; which, `planGated` says.
 * @throws GGDLN_INPUT for inputs, gates or targets that don't fit.
 */
export function gatedProgram<Numbers extends FlatArray>(
  layers: Layers,
  { inputs, targets }: GatedExamples,
  engine: Engine<Numbers>,
): GradientProgram<Numbers> {
  requireInputs(layers, inputs);
  requireTargetMatrix(engine.where, targets, inputs.X.rows);
  const sizes = { rows: inputs.X.rows, inputs: inputs.X.cols, gates: inputs.gates.map(({ cols }) => cols) };
  const plan = planGated(layers, { ...sizes, outputs: targets.cols });
  const pass = new GatedPass(plan, inputs.gates, inPrecision(engine, inputs.X), engine);
  const y = inPrecision(engine, targets);
  return {
    size: plan.size,
    outputs(theta) {
      requireWeights(engine.where, plan.size, theta);
      return pass.forward(theta);
    },
    evaluate(theta, gradient) {
      requireWeights(engine.where, plan.size, theta, gradient);
      const residuals = pass.forward(theta);
      const energy = residualEnergy(residuals, y);
      pass.backward(theta, residuals, gradient);
      return energy;
    },
  };
}

/** A matrix inside an array, or its transpose. */
interface Part<Numbers> {
  readonly data: Numbers;
  readonly offset: number;
  readonly transposed: boolean;
}

/** Work arrays of a network on some examples, and the two passes over them. */
class GatedPass<Numbers extends FlatArray> {
  readonly #plan: GatedPlan;
  readonly #engine: Engine<Numbers>;
  /** Φ^(L), …, Φ^(1). */
  readonly #gates: readonly Matrix[];
  /** Composite gates of layers L … max(k, 1), in the program's precision. */
  readonly #composite: Numbers;
  readonly #shape: BranchShape;
  readonly #f: Numbers;
  readonly #branches: Numbers;
  /** h^(l) for l ≤ k; h^(0) = X. On the way back ∂E/∂h^(l) for l ≥ 1. */
  readonly #hidden: readonly Numbers[];
  /** Gated h^(l) for l < k; X for l = 0. */
  readonly #features: readonly Numbers[];
  /** Contracted weights V_l for k ≤ l < L, at index l, and their gradients. */
  readonly #above: readonly (() => Numbers)[];
  readonly #aboveGradients: readonly (() => Numbers)[];

  constructor(plan: GatedPlan, gates: readonly Matrix[], X: Numbers, engine: Engine<Numbers>) {
    const { rows, outputs, meeting: k, layers, unitsOf, gatesOf, branchesOf } = plan;
    const { depth } = layers;
    this.#plan = plan;
    this.#engine = engine;
    this.#gates = gates;
    const composite = compositeGates(gates.slice(0, depth + 1 - Math.max(k, 1)));
    this.#composite = inPrecision(engine, composite);
    this.#shape = { rows, outputs, heads: gatesOf(depth), rest: composite.cols / gatesOf(depth) };
    this.#f = new engine.precision(rows * outputs);
    this.#branches = new engine.precision(rows * branchesOf(k));
    this.#hidden = Array.from({ length: k + 1 }, (_, l) => (l === 0 ? X : new engine.precision(rows * unitsOf(l))));
    this.#features = Array.from({ length: Math.max(k, 1) }, (_, l) =>
      l === 0 ? X : new engine.precision(rows * plan.columnsOf(l + 1)),
    );
    const contracted = () =>
      Array.from({ length: depth }, (_, l) => onDemand(engine, l < k ? 0 : branchesOf(l + 1) * plan.columnsOf(l + 1)));
    this.#above = contracted();
    this.#aboveGradients = contracted();
  }

  /** f, P × C, in an array that is used again. */
  forward(theta: Numbers): Numbers {
    const { rows, meeting: k, layers, unitsOf, columnsOf, branchesOf, offsetOf } = this.#plan;
    const { linalg } = this.#engine;
    for (let l = 1; l <= k; l++) {
      const [m, n, columns] = [rows, unitsOf(l), columnsOf(l)];
      const product = { m, n, k: columns, transB: true, alpha: 1 / Math.sqrt(columns), offsets: { b: offsetOf(l) } };
      linalg.multiplyInto(product, this.#features[l - 1], theta, this.#hidden[l]);
      if (l < k) gateUnits(this.#gates[layers.depth - l], n, this.#hidden[l], this.#features[l]);
    }
    for (let l = layers.depth; l > k; l--) {
      const V = this.#contracted(theta, l);
      const product = { m: branchesOf(l), n: columnsOf(l), k: unitsOf(l), alpha: 1 / Math.sqrt(columnsOf(l)) };
      const offsets = { a: V.offset, b: offsetOf(l) };
      linalg.multiplyInto({ ...product, transA: V.transposed, offsets }, V.data, theta, this.#above[l - 1]());
    }
    const V = this.#contracted(theta, k);
    const product = { m: rows, n: branchesOf(k), k: unitsOf(k), transB: !V.transposed, alpha: this.#readoutFactor() };
    linalg.multiplyInto({ ...product, offsets: { b: V.offset } }, this.#hidden[k], V.data, this.#branches);
    sumBranches(this.#shape, this.#composite, this.#branches, this.#f);
    return this.#f;
  }

  /** Writes ∇E over `gradient`, from what `forward` left at the same weights. */
  backward(theta: Numbers, residuals: Numbers, gradient: Numbers): void {
    spreadResiduals(this.#shape, this.#composite, residuals, this.#branches);
    this.#meet(theta, gradient);
    this.#backUp(theta, gradient);
    this.#backDown(theta, gradient);
  }

  /** From ∂E/∂B to the gradients of h^(k) and of V_k. */
  #meet(theta: Numbers, gradient: Numbers): void {
    const { rows, meeting: k, layers, unitsOf, branchesOf } = this.#plan;
    const { linalg } = this.#engine;
    const alpha = this.#readoutFactor();
    const [units, branches] = [unitsOf(k), branchesOf(k)];
    if (k === layers.depth) {
      const product = { m: units, n: branches, k: rows, transA: true, alpha };
      linalg.multiplyInto(product, this.#hidden[k], this.#branches, gradient);
    } else {
      const product = { m: branches, n: units, k: rows, transA: true, alpha };
      linalg.multiplyInto(product, this.#branches, this.#hidden[k], this.#aboveGradients[k]());
    }
    if (k === 0) return;
    const V = this.#contracted(theta, k);
    const product = { m: rows, n: units, k: branches, transB: V.transposed, alpha, offsets: { b: V.offset } };
    linalg.multiplyInto(product, this.#branches, V.data, this.#hidden[k]);
  }

  /** Through W_{k+1} … W_L to the readout. */
  #backUp(theta: Numbers, gradient: Numbers): void {
    const { meeting: k, layers, unitsOf, columnsOf, branchesOf, offsetOf } = this.#plan;
    const { linalg } = this.#engine;
    for (let l = k + 1; l <= layers.depth; l++) {
      const [branches, units, columns] = [branchesOf(l), unitsOf(l), columnsOf(l)];
      const alpha = 1 / Math.sqrt(columns);
      const below = this.#aboveGradients[l - 1]();
      const V = this.#contracted(theta, l);
      linalg.multiplyInto(
        {
          m: units,
          n: columns,
          k: branches,
          transA: !V.transposed,
          alpha,
          offsets: { a: V.offset, c: offsetOf(l) },
        },
        V.data,
        below,
        gradient,
      );
      const offsets = { a: offsetOf(l) };
      if (l === layers.depth) {
        const product = { m: units, n: branches, k: columns, transB: true, alpha, offsets };
        linalg.multiplyInto(product, theta, below, gradient);
      } else {
        const product = { m: branches, n: units, k: columns, transB: true, alpha, offsets: { b: offsetOf(l) } };
        linalg.multiplyInto(product, below, theta, this.#aboveGradients[l]());
      }
    }
  }

  /** Through W_k … W_1 to the inputs. */
  #backDown(theta: Numbers, gradient: Numbers): void {
    const { rows, meeting: k, layers, unitsOf, columnsOf, offsetOf } = this.#plan;
    const { linalg } = this.#engine;
    for (let l = k; l >= 1; l--) {
      const [units, columns] = [unitsOf(l), columnsOf(l)];
      const alpha = 1 / Math.sqrt(columns);
      const delta = this.#hidden[l];
      const below = this.#features[l - 1];
      const outer = { m: units, n: columns, k: rows, transA: true, alpha, offsets: { c: offsetOf(l) } };
      linalg.multiplyInto(outer, delta, below, gradient);
      if (l === 1) return;
      const product = { m: rows, n: columns, k: units, alpha, offsets: { b: offsetOf(l) } };
      linalg.multiplyInto(product, delta, theta, below);
      sumOverGates(this.#gates[layers.depth - l + 1], unitsOf(l - 1), below, this.#hidden[l - 1]);
    }
  }

  /** V_l, branches × N_l; V_L is the readout, which θ holds transposed. */
  #contracted(theta: Numbers, layer: number): Part<Numbers> {
    if (layer === this.#plan.layers.depth) return { data: theta, offset: 0, transposed: true };
    return { data: this.#above[layer](), offset: 0, transposed: false };
  }

  /** 1/√(N_L M_L). */
  #readoutFactor(): number {
    const { layers, unitsOf, gatesOf } = this.#plan;
    return 1 / Math.sqrt(unitsOf(layers.depth) * gatesOf(layers.depth));
  }
}
