import type { FlatArray, FlatArrayConstructor, LinalgBackend } from '@ggdln/core';
import type { KPathBatch } from './batch.ts';
import { copyInto, createCodes } from './codes.ts';
import { createLayerStack } from './layerStack.ts';
import type { KPathLayout } from './network.ts';

/** What a centred network, scale · (f(x; θ) − f(x; start)), has beside f. */
export interface KPathCentre<Numbers extends FlatArray> {
  /** Parameters at which the centred network says nothing. */
  readonly start: Numbers;
  readonly scale: number;
}

/** Makes logits of a network those of its centred copy, after a forward pass of the start on the same batch. */
export function createCentre<Numbers extends FlatArray>(
  layout: KPathLayout,
  M: number,
  maxRows: number,
  Precision: FlatArrayConstructor<Numbers>,
  linalg: LinalgBackend,
  { start, scale }: KPathCentre<Numbers>,
) {
  const network = createCodes(layout, M, maxRows, Precision, linalg);
  const decoder = createLayerStack(layout.decoder, M * maxRows, Precision, linalg, false);
  const { inputs: width, outputs: classes } = {
    inputs: layout.hidden[layout.hidden.length - 1].outputs,
    outputs: layout.decoder[layout.decoder.length - 1].outputs,
  };
  const picked = new Precision(M * maxRows * width);
  let codes = picked;
  let rows = 0;
  return {
    forward(batch: KPathBatch<Numbers>): void {
      rows = batch.rows;
      codes = network.forward(start, batch);
    },
    /** @param logits Of decoder b on the rows of the input domains `sources`, one after the other. */
    subtract(logits: Numbers, b: number, sources: readonly number[]): void {
      sources.forEach((a, k) => {
        copyInto(picked, k * rows * width, codes, a * rows * width, rows * width);
      });
      // The same products of the same sizes as those of f, so that the difference at the start is 0 to the last bit.
      const before = decoder.forward(start, layout.decoderAt(b), picked, sources.length * rows);
      for (let i = 0; i < sources.length * rows * classes; i++) logits[i] = scale * (logits[i] - before[i]);
    },
  };
}
