import type { FlatArray, FlatArrayConstructor, LinalgBackend, Matrix } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import type { KPathBatch } from './batch.ts';
import { createCentre, type KPathCentre } from './centre.ts';
import { copyInto, createCodes } from './codes.ts';
import { crossEntropy } from './crossEntropy.ts';
import { createLayerStack } from './layerStack.ts';
import type { KPathLayout } from './network.ts';

/** Loss, gradient and scores of a k-path network on batches. It allocates nothing but views after it was made. */
export interface KPathProgram<Numbers extends FlatArray> {
  /**
   * Σ Γ_ij ℓ_ij / Σ Γ_ij; its gradient (of the loss over scale² in a centred network) is written over `gradient`. NaN and
   * overflow pass through.
   */
  evaluate(theta: Numbers, batch: KPathBatch<Numbers>, gradient: Numbers): number;
  /**
   * The same, with the gradient given out part by part while it is in the processor's cache. `take` gets each place of θ
   * once, and may change θ there: nothing reads it any more.
   */
  descend(theta: Numbers, batch: KPathBatch<Numbers>, take: KPathStep<Numbers>): number;
  /** Sums over the batch's examples of cross-entropy and of right answers, all pairs, input domains in rows. */
  score(theta: Numbers, batch: KPathBatch<Numbers>): { readonly losses: Matrix; readonly correct: Matrix };
}

/** Takes the gradient of the parameters from place `at` of θ on; it holds until the call returns. */
export type KPathStep<Numbers extends FlatArray> = (part: Numbers, at: number) => void;

/**
 * The hidden block is computed once for all input domains together; each decoder sees, in one product, the rows of the
 * input domains that it is trained with.
 * @param gate Γ, M × M of 0 and 1. @param maxRows The largest batch.
 * @param centre Subtracts the network of other parameters, as `learnKPath` does where it is `centred`.
 */
export function createKPathProgram<Numbers extends FlatArray>(
  layout: KPathLayout,
  gate: Matrix,
  maxRows: number,
  Precision: FlatArrayConstructor<Numbers>,
  linalg: LinalgBackend,
  centre?: KPathCentre<Numbers>,
): KPathProgram<Numbers> {
  const M = gate.rows;
  const width = layout.encoder[layout.encoder.length - 1].outputs;
  const classes = layout.decoder[layout.decoder.length - 1].outputs;
  const network = createCodes(layout, M, maxRows, Precision, linalg);
  const { encoders, hidden } = network;
  const decoder = createLayerStack(layout.decoder, M * maxRows, Precision, linalg, false);
  const start = centre && createCentre(layout, M, maxRows, Precision, linalg, centre);
  const array = (count: number) => new Precision(M * maxRows * count);
  const [picked, back, slopes, pickedBack] = [array(width), array(width), array(width), array(width)];
  const logitSlopes = array(classes);
  const one = new Precision(maxRows * width);
  const part = (size: number) => new Precision(size);
  const blocks = {
    encoder: part(layout.encoderAt(1)),
    hidden: part(layout.decoderAt(0) - layout.hiddenAt),
    decoder: part(layout.decoderAt(1) - layout.decoderAt(0)),
  };
  const all = Array.from({ length: M }, (_, a) => a);
  const partners = all.map((b) => all.filter((a) => gate.data[a * M + b] === 1));
  const pairs = partners.reduce((sum, list) => sum + list.length, 0);
  const pick = (codes: Numbers, sources: readonly number[], count: number): Numbers => {
    sources.forEach((a, k) => {
      copyInto(picked, k * count, codes, a * count, count);
    });
    return picked;
  };

  const descend: KPathProgram<Numbers>['descend'] = (theta, batch, take) => {
    const { rows, labels } = batch;
    const codes = network.forward(theta, batch);
    start?.forward(batch);
    back.fill(0, 0, M * rows * width);
    const factor = 1 / (pairs * rows * (centre?.scale ?? 1));
    let loss = 0;
    for (let b = 0; b < M; b++) {
      const sources = partners[b];
      const at = layout.decoderAt(b);
      blocks.decoder.fill(0);
      if (sources.length > 0) {
        const logits = decoder.forward(theta, at, pick(codes, sources, rows * width), sources.length * rows);
        start?.subtract(logits, b, sources);
        for (let k = 0; k < sources.length; k++) {
          loss += crossEntropy(logits, k * rows, rows, classes, labels[b], logitSlopes, factor).loss;
        }
        decoder.backward(theta, at, logitSlopes, blocks.decoder, pickedBack);
        sources.forEach((a, k) => {
          addInto(back, a * rows * width, pickedBack, k * rows * width, rows * width);
        });
      }
      take(blocks.decoder, at);
    }
    // The hidden blocks add up, as they may share weights; encoders write.
    blocks.hidden.fill(0);
    hidden.backward(theta, layout.hiddenAt, back, blocks.hidden, slopes);
    take(blocks.hidden, layout.hiddenAt);
    for (let a = 0; a < M; a++) {
      copyInto(one, 0, slopes, a * rows * width, rows * width);
      encoders[a].backward(theta, layout.encoderAt(a), one, blocks.encoder);
      take(blocks.encoder, layout.encoderAt(a));
    }
    return loss / (pairs * rows);
  };

  return {
    descend,
    evaluate: (theta, batch, gradient) => descend(theta, batch, (values, at) => gradient.set(values, at)),
    score: (theta, batch) => {
      const { rows, labels } = batch;
      const codes = network.forward(theta, batch);
      start?.forward(batch);
      const [losses, correct] = [matrix(M, M), matrix(M, M)];
      for (let b = 0; b < M; b++) {
        const logits = decoder.forward(theta, layout.decoderAt(b), codes, M * rows);
        start?.subtract(logits, b, all);
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

function addInto(out: FlatArray, at: number, from: FlatArray, start: number, count: number): void {
  for (let i = 0; i < count; i++) out[at + i] += from[start + i];
}
