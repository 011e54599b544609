import type { FlatArray, GatedExamples, GradientProgram } from '@ggdln/core';
import { createLoopMemory, type LoopMemory } from '@ggdln/linalg';
import {
  type Engine,
  inPrecision,
  once,
  onDemand,
  requireTargetMatrix,
  requireWeights,
  residualEnergy,
} from '../gradients/flat.ts';
import type { UnitActivation } from './activations.ts';

/** Sizes of a network: units of every layer from the inputs up, [N0, N_1, …, N_L]. */
export interface MlpSizes {
  readonly units: readonly number[];
  readonly activation: UnitActivation;
}

/**
 * The gradient program of a fully connected network (see `createMlp`), checked inputs assumed. θ is a, W_L, …, W_1.
 * @throws GGDLN_INPUT for targets that don't fit.
 */
export function mlpProgram<Numbers extends FlatArray>(
  { units, activation }: MlpSizes,
  { inputs: { X }, targets }: GatedExamples,
  engine: Engine<Numbers>,
): GradientProgram<Numbers> {
  requireTargetMatrix(engine.where, targets, X.rows);
  const pass = new MlpPass(units, activation, inPrecision(engine, X), { rows: X.rows, outputs: targets.cols }, engine);
  const y = inPrecision(engine, targets);
  return {
    size: pass.size,
    outputs(theta) {
      requireWeights(engine.where, pass.size, theta);
      return pass.forward(theta, false);
    },
    evaluate(theta, gradient) {
      requireWeights(engine.where, pass.size, theta, gradient);
      const residuals = pass.forward(theta, true);
      const energy = residualEnergy(residuals, y);
      pass.backward(theta, residuals, { into: gradient, factor: 1, kept: 0 });
      return energy;
    },
    descend(theta, { stepSize, decay }) {
      requireWeights(engine.where, pass.size, theta);
      const residuals = pass.forward(theta, true);
      const energy = residualEnergy(residuals, y);
      pass.backward(theta, residuals, { into: theta, factor: -stepSize, kept: 1 - stepSize * decay });
      return energy;
    },
  };
}

/** Where the gradient goes: into ← kept · into + factor · ∇E. */
interface Sink<Numbers> {
  readonly into: Numbers;
  readonly factor: number;
  readonly kept: number;
}

/** Work arrays of a network on some examples, and the two passes over them. */
class MlpPass<Numbers extends FlatArray> {
  readonly size: number;
  readonly #units: readonly number[];
  readonly #activation: UnitActivation;
  readonly #rows: number;
  readonly #outputs: number;
  readonly #linalg: Engine<Numbers>['linalg'];
  readonly #memory: LoopMemory;
  /** Where W_l begins in θ, at index l; `a` begins at 0. */
  readonly #offsets: readonly number[];
  /** φ(h^(l)); X for l = 0. */
  readonly #values: readonly Numbers[];
  readonly #slopes: readonly (() => Numbers)[];
  /** ∂E/∂h^(l). */
  readonly #deltas: readonly (() => Numbers)[];
  readonly #f: Numbers;

  constructor(
    units: readonly number[],
    activation: UnitActivation,
    X: Numbers,
    { rows, outputs }: { readonly rows: number; readonly outputs: number },
    engine: Engine<Numbers>,
  ) {
    const depth = units.length - 1;
    this.#units = units;
    this.#activation = activation;
    this.#rows = rows;
    this.#outputs = outputs;
    this.#linalg = engine.linalg;
    const offsets = new Array<number>(depth + 1).fill(0);
    let end = units[depth] * outputs;
    for (let l = depth; l >= 1; l--) {
      offsets[l] = end;
      end += units[l] * units[l - 1];
    }
    this.size = end;
    this.#offsets = offsets;
    this.#f = new engine.precision(rows * outputs);
    // Activities and their gradients: what activations go over number by number.
    const isSingle = this.#f instanceof Float32Array;
    const lengths = units.slice(1).flatMap((count) => [(rows * count) / 2, (rows * count) / 2]);
    this.#memory = createLoopMemory(isSingle ? lengths : []);
    const work = (length: number) =>
      isSingle ? (this.#memory.float32(length) as Numbers) : new engine.precision(length);
    this.#values = units.map((count, l) => (l === 0 ? X : work(rows * count)));
    this.#slopes = units.map((count) => onDemand(engine, rows * count));
    this.#deltas = units.map((count) => once(() => work(rows * count)));
  }

  /** f, P × C, in an array that is used again. @param slopes Whether `backward` follows. */
  forward(theta: Numbers, slopes: boolean): Numbers {
    const depth = this.#units.length - 1;
    const kept = slopes && !this.#activation.slopesFromValues;
    for (let l = 1; l <= depth; l++) {
      const [n, k] = [this.#units[l], this.#units[l - 1]];
      const product = { m: this.#rows, n, k, transB: true, alpha: 1 / Math.sqrt(k), offsets: { b: this.#offsets[l] } };
      this.#linalg.multiplyInto(product, this.#values[l - 1], theta, this.#values[l]);
      this.#activation.apply(this.#values[l], kept ? this.#slopes[l]() : undefined, this.#memory);
    }
    const k = this.#units[depth];
    const product = { m: this.#rows, n: this.#outputs, k, alpha: 1 / Math.sqrt(k) };
    this.#linalg.multiplyInto(product, this.#values[depth], theta, this.#f);
    return this.#f;
  }

  /** Adds ∇E to the sink, from what `forward` left at the same weights; these may be the sink: each is read first. */
  backward(theta: Numbers, residuals: Numbers, sink: Sink<Numbers>): void {
    const depth = this.#units.length - 1;
    const [rows, outputs, top] = [this.#rows, this.#outputs, this.#units[depth]];
    const alpha = 1 / Math.sqrt(top);
    const product = { m: rows, n: top, k: outputs, transB: true, alpha };
    this.#linalg.multiplyInto(product, residuals, theta, this.#deltas[depth]());
    const readout = { m: top, n: outputs, k: rows, transA: true, alpha: alpha * sink.factor, beta: sink.kept };
    this.#linalg.multiplyInto(readout, this.#values[depth], residuals, sink.into);
    for (let l = depth; l >= 1; l--) this.#layer(l, theta, sink);
  }

  #layer(l: number, theta: Numbers, { into, factor, kept: beta }: Sink<Numbers>): void {
    const [rows, units, below] = [this.#rows, this.#units[l], this.#units[l - 1]];
    const alpha = 1 / Math.sqrt(below);
    const delta = this.#deltas[l]();
    this.#activation.chain(
      this.#activation.slopesFromValues ? this.#values[l] : this.#slopes[l](),
      delta,
      this.#memory,
    );
    if (l > 1) {
      const product = { m: rows, n: below, k: units, alpha, offsets: { b: this.#offsets[l] } };
      this.#linalg.multiplyInto(product, delta, theta, this.#deltas[l - 1]());
    }
    const outer = { m: units, n: below, k: rows, transA: true, alpha: alpha * factor, beta };
    this.#linalg.multiplyInto({ ...outer, offsets: { c: this.#offsets[l] } }, delta, this.#values[l - 1], into);
  }
}
