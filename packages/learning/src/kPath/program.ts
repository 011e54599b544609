import type { FlatArray, FlatArrayConstructor, LinalgBackend, Matrix } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { createLayerStack } from './layerStack.ts';
import type { KPathLayout } from './network.ts';

/** A batch as every input domain shows it and every output domain names it. */
export interface KPathBatch<Numbers extends FlatArray> {
  readonly rows: number;
  /** By input domain, rows × features; longer arrays are read from their start. */
  readonly inputs: readonly Numbers[];
  /** By output domain, (rows). */
  readonly labels: readonly ArrayLike<number>[];
}

/** Loss, gradient and scores of a k-path network on batches. It allocates nothing after it was made. */
export interface KPathProgram<Numbers extends FlatArray> {
  /** Σ Γ_ij ℓ_ij / Σ Γ_ij; its gradient is written over `gradient`. NaN and overflow pass through. */
  evaluate(theta: Numbers, batch: KPathBatch<Numbers>, gradient: Numbers): number;
  /** Sums over the batch's examples of cross-entropy and of right answers, all pairs, input domains in rows. */
  score(theta: Numbers, batch: KPathBatch<Numbers>): { readonly losses: Matrix; readonly correct: Matrix };
}

/**
 * The hidden block is computed once for all input domains together; each decoder sees, in one product, the rows of the
 * input domains that it is trained with.
 * @param gate Γ, M × M of 0 and 1. @param maxRows The largest batch.
 */
export function createKPathProgram<Numbers extends FlatArray>(
  layout: KPathLayout,
  gate: Matrix,
  maxRows: number,
  Precision: FlatArrayConstructor<Numbers>,
  linalg: LinalgBackend,
): KPathProgram<Numbers> {
  const M = gate.rows;
  const width = layout.encoder[layout.encoder.length - 1].outputs;
  const classes = layout.decoder[layout.decoder.length - 1].outputs;
  const encoders = Array.from({ length: M }, () => createLayerStack(layout.encoder, maxRows, Precision, linalg, false));
  const hidden = createLayerStack(layout.hidden, M * maxRows, Precision, linalg, true);
  const decoder = createLayerStack(layout.decoder, M * maxRows, Precision, linalg, false);
  const array = (count: number) => new Precision(M * maxRows * count);
  const [encoded, picked, back, slopes] = [array(width), array(width), array(width), array(width)];
  const pickedBack = array(width);
  const logitSlopes = array(classes);
  const one = new Precision(maxRows * width);
  const partners = Array.from({ length: M }, (_, b) =>
    Array.from({ length: M }, (__, a) => a).filter((a) => gate.data[a * M + b] === 1),
  );
  const pairs = partners.reduce((sum, list) => sum + list.length, 0);

  const codesOf = (theta: Numbers, { rows, inputs }: KPathBatch<Numbers>): Numbers => {
    inputs.forEach((x, a) => {
      const code = encoders[a].forward(theta, layout.encoderAt(a), x, rows);
      copyInto(encoded, a * rows * width, code, 0, rows * width);
    });
    return hidden.forward(theta, layout.hiddenAt, encoded, M * rows);
  };

  return {
    evaluate: (theta, batch, gradient) => {
      const { rows, labels } = batch;
      const codes = codesOf(theta, batch);
      // Encoders are written over; hidden blocks add up, and a decoder may have no partner.
      gradient.fill(0, layout.hiddenAt);
      back.fill(0, 0, M * rows * width);
      let loss = 0;
      for (let b = 0; b < M; b++) {
        const sources = partners[b];
        if (sources.length === 0) continue;
        sources.forEach((a, k) => {
          copyInto(picked, k * rows * width, codes, a * rows * width, rows * width);
        });
        const logits = decoder.forward(theta, layout.decoderAt(b), picked, sources.length * rows);
        for (let k = 0; k < sources.length; k++) {
          loss += crossEntropy(logits, k * rows, rows, classes, labels[b], logitSlopes, 1 / (pairs * rows)).loss;
        }
        decoder.backward(theta, layout.decoderAt(b), logitSlopes, gradient, pickedBack);
        sources.forEach((a, k) => {
          addInto(back, a * rows * width, pickedBack, k * rows * width, rows * width);
        });
      }
      hidden.backward(theta, layout.hiddenAt, back, gradient, slopes);
      for (let a = 0; a < M; a++) {
        copyInto(one, 0, slopes, a * rows * width, rows * width);
        encoders[a].backward(theta, layout.encoderAt(a), one, gradient);
      }
      return loss / (pairs * rows);
    },
    score: (theta, batch) => {
      const { rows, labels } = batch;
      const codes = codesOf(theta, batch);
      const [losses, correct] = [matrix(M, M), matrix(M, M)];
      for (let b = 0; b < M; b++) {
        const logits = decoder.forward(theta, layout.decoderAt(b), codes, M * rows);
        for (let a = 0; a < M; a++) {
          const pair = crossEntropy(logits, a * rows, rows, classes, labels[b]);
          losses.data[a * M + b] = pair.loss;
          correct.data[a * M + b] = pair.correct;
        }
      }
      return { losses, correct };
    },
  };
}

/** Summed over rows; `factor` times the slope in the logits goes to `slopes`. */
function crossEntropy(
  logits: FlatArray,
  firstRow: number,
  rows: number,
  classes: number,
  labels: ArrayLike<number>,
  slopes?: FlatArray,
  factor = 1,
): { readonly loss: number; readonly correct: number } {
  let [loss, correct] = [0, 0];
  for (let p = 0; p < rows; p++) {
    const at = (firstRow + p) * classes;
    let best = 0;
    for (let c = 1; c < classes; c++) if (logits[at + c] > logits[at + best]) best = c;
    const top = logits[at + best];
    let total = 0;
    for (let c = 0; c < classes; c++) total += Math.exp(logits[at + c] - top);
    const label = labels[p];
    loss += Math.log(total) + top - logits[at + label];
    if (best === label) correct++;
    if (!slopes) continue;
    for (let c = 0; c < classes; c++) slopes[at + c] = (factor * Math.exp(logits[at + c] - top)) / total;
    slopes[at + label] -= factor;
  }
  return { loss, correct };
}

function copyInto(out: FlatArray, at: number, from: FlatArray, start: number, count: number): void {
  out.set(from.subarray(start, start + count), at);
}

function addInto(out: FlatArray, at: number, from: FlatArray, start: number, count: number): void {
  for (let i = 0; i < count; i++) out[at + i] += from[start + i];
}
