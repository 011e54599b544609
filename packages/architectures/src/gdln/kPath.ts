import { inputError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { add, matrix, requireMatrix } from '@ggdln/linalg';

const where = '@ggdln/architectures kPath';

/** M encoders, a shared hidden layer and M decoders, all linear with biases (columns). */
export interface KPathWeights {
  /** Encoders, M times H × D, and their biases, M times H × 1. */
  readonly encoders: readonly Matrix[];
  readonly encoderBiases: readonly Matrix[];
  /** Shared layer, H × H, and its bias, H × 1. */
  readonly hidden: Matrix;
  readonly hiddenBias: Matrix;
  /** Decoders, M times C × H, and their biases, M times C × 1. */
  readonly decoders: readonly Matrix[];
  readonly decoderBiases: readonly Matrix[];
}

/** Examples as every input domain shows them and every output domain names them. */
export interface KPathData {
  /** Γ, M × M: 1 where the pair (input domain, output domain) is trained. */
  readonly gate: Matrix;
  /** Inputs, M times P × D. */
  readonly inputs: readonly Matrix[];
  /** Labels 0 … C−1, M times (P). */
  readonly labels: readonly ArrayLike<number>[];
}

/** How a network does on all pairs; matrices are M × M with input domains in rows. */
export interface KPathReport {
  /** Mean cross-entropy of each pair, in nats. */
  readonly losses: Matrix;
  /** Correctly named examples of each pair. */
  readonly correct: Matrix;
  /** Means over trained (selected) and other pairs; null where there are none. */
  readonly selectedLoss: number | null;
  readonly unselectedLoss: number | null;
  readonly selectedAccuracy: number | null;
  readonly unselectedAccuracy: number | null;
}

/** @throws GGDLN_INPUT for shapes that don't fit or labels that are no class. */
export function kPathReport(weights: KPathWeights, data: KPathData, linalg: LinalgBackend): KPathReport {
  const { domains, samples } = requireKPath(weights, data);
  const [losses, correct] = [matrix(domains, domains), matrix(domains, domains)];
  for (let a = 0; a < domains; a++) {
    const code = encode(weights, data.inputs[a], a, linalg);
    for (let b = 0; b < domains; b++) {
      const pair = crossEntropy(decode(weights, code.hidden, b, linalg), data.labels[b]);
      losses.data[a * domains + b] = pair.loss;
      correct.data[a * domains + b] = pair.correct;
    }
  }
  const mean = (values: Matrix, kind: number, scale = 1) => {
    const picked = values.data.filter((_, pair) => data.gate.data[pair] === kind);
    return picked.length === 0 ? null : picked.reduce((sum, value) => sum + value, 0) / (picked.length * scale);
  };
  return {
    losses,
    correct,
    selectedLoss: mean(losses, 1),
    unselectedLoss: mean(losses, 0),
    selectedAccuracy: mean(correct, 1, samples),
    unselectedAccuracy: mean(correct, 0, samples),
  };
}

/**
 * The training loss Σ Γ_ij ℓ_ij / Σ Γ_ij and its gradient. The hidden layer is computed M times, decoders for trained
 * pairs only.
 * @throws GGDLN_INPUT for shapes that don't fit, labels that are no class, or a gate without trained pairs.
 */
export function kPathGradient(
  weights: KPathWeights,
  data: KPathData,
  linalg: LinalgBackend,
): { readonly loss: number; readonly gradients: KPathWeights } {
  const { domains } = requireKPath(weights, data);
  const pairs = data.gate.data.reduce((sum, value) => sum + value, 0);
  if (pairs === 0) throw inputError(where, 'the gate has no trained pair', 'Set at least one entry to 1');
  const gradients = mapKPathWeights(weights, ({ rows, cols }) => matrix(rows, cols));
  const collect = (into: Matrix, part: Matrix) => {
    for (let i = 0; i < into.data.length; i++) into.data[i] += part.data[i];
  };
  let loss = 0;
  for (let a = 0; a < domains; a++) {
    const code = encode(weights, data.inputs[a], a, linalg);
    let back = matrix(code.hidden.rows, code.hidden.cols);
    for (let b = 0; b < domains; b++) {
      if (data.gate.data[a * domains + b] === 0) continue;
      const pair = crossEntropy(decode(weights, code.hidden, b, linalg), data.labels[b], 1 / pairs);
      loss += pair.loss / pairs;
      collect(gradients.decoders[b], linalg.gemm(pair.slope, code.hidden, { transA: true }));
      collect(gradients.decoderBiases[b], columnSums(pair.slope));
      back = add(back, linalg.gemm(pair.slope, weights.decoders[b]));
    }
    collect(gradients.hidden, linalg.gemm(back, code.encoded, { transA: true }));
    collect(gradients.hiddenBias, columnSums(back));
    const below = linalg.gemm(back, weights.hidden);
    collect(gradients.encoders[a], linalg.gemm(below, data.inputs[a], { transA: true }));
    collect(gradients.encoderBiases[a], columnSums(below));
  }
  return { loss, gradients };
}

function encode(
  { encoders, encoderBiases, hidden, hiddenBias }: KPathWeights,
  x: Matrix,
  a: number,
  linalg: LinalgBackend,
) {
  const encoded = affine(x, encoders[a], encoderBiases[a], linalg);
  return { encoded, hidden: affine(encoded, hidden, hiddenBias, linalg) };
}

function decode({ decoders, decoderBiases }: KPathWeights, hidden: Matrix, b: number, linalg: LinalgBackend): Matrix {
  return affine(hidden, decoders[b], decoderBiases[b], linalg);
}

function affine(x: Matrix, W: Matrix, bias: Matrix, linalg: LinalgBackend): Matrix {
  const out = linalg.gemm(x, W, { transB: true });
  out.data.forEach((value, i) => {
    out.data[i] = value + bias.data[i % out.cols];
  });
  return out;
}

/** Mean cross-entropy, correctly named examples, and `factor` times its slope in the logits (P × C). */
function crossEntropy(logits: Matrix, labels: ArrayLike<number>, factor = 1) {
  const { rows, cols } = logits;
  const slope = matrix(rows, cols);
  let [loss, correct] = [0, 0];
  for (let p = 0; p < rows; p++) {
    const row = logits.data.subarray(p * cols, (p + 1) * cols);
    const top = Math.max(...row);
    const total = row.reduce((sum, value) => sum + Math.exp(value - top), 0);
    loss += (top + Math.log(total) - row[labels[p]]) / rows;
    if (row.indexOf(top) === labels[p]) correct++;
    for (let c = 0; c < cols; c++) {
      const probability = Math.exp(row[c] - top) / total;
      slope.data[p * cols + c] = (factor * (probability - Number(c === labels[p]))) / rows;
    }
  }
  return { loss, correct, slope };
}

function columnSums(a: Matrix): Matrix {
  const out = matrix(a.cols, 1);
  for (let i = 0; i < a.data.length; i++) out.data[i % a.cols] += a.data[i];
  return out;
}

/** The same change of every matrix, in the order encoders, hidden layer, decoders. */
export function mapKPathWeights(weights: KPathWeights, change: (a: Matrix) => Matrix): KPathWeights {
  return {
    encoders: weights.encoders.map(change),
    encoderBiases: weights.encoderBiases.map(change),
    hidden: change(weights.hidden),
    hiddenBias: change(weights.hiddenBias),
    decoders: weights.decoders.map(change),
    decoderBiases: weights.decoderBiases.map(change),
  };
}

function requireKPath(weights: KPathWeights, { gate, inputs, labels }: KPathData) {
  const [domains, samples, width] = [gate.rows, inputs[0]?.rows ?? 0, weights.hidden.rows];
  const [features, classes] = [inputs[0]?.cols ?? 0, weights.decoders[0]?.rows ?? 0];
  requireMatrix(where, 'gate (M × M)', gate, { cols: domains });
  const bad = gate.data.find((value) => value !== 0 && value !== 1);
  if (bad !== undefined) throw inputError(where, `the gate has an entry ${bad}`, 'A pair is trained (1) or not (0)');
  requireMatrix(where, 'hidden (H × H)', weights.hidden, { cols: width });
  requireMatrix(where, 'hiddenBias (H × 1)', weights.hiddenBias, { rows: width, cols: 1 });
  for (const [name, list, rows, cols] of [
    ['inputs', inputs, samples, features],
    ['encoders', weights.encoders, width, features],
    ['encoderBiases', weights.encoderBiases, width, 1],
    ['decoders', weights.decoders, classes, width],
    ['decoderBiases', weights.decoderBiases, classes, 1],
  ] as const) {
    if (list.length !== domains) throw inputError(where, `${name} has ${list.length} matrices`, `Give ${domains}`);
    for (const [k, a] of list.entries()) requireMatrix(where, `${name}[${k}]`, a, { rows, cols });
  }
  if (labels.length !== domains) throw inputError(where, `labels has ${labels.length} lists`, `Give ${domains}`);
  for (const [b, list] of labels.entries()) {
    if (list.length !== samples) throw inputError(where, `labels[${b}] has ${list.length} labels`, `Give ${samples}`);
    const wrong = Array.from(list).findIndex((label) => !Number.isInteger(label) || label < 0 || label >= classes);
    if (wrong >= 0) {
      const found = `labels[${b}] has the class ${list[wrong]} on example ${wrong}`;
      throw inputError(where, found, `Classes are 0 … ${classes - 1}`);
    }
  }
  return { domains, samples };
}
