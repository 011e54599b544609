import type { FlatArray, FlatArrayConstructor, LinalgBackend } from '@ggdln/core';
import type { KPathBatch } from './batch.ts';
import { createLayerStack, type LayerStack } from './layerStack.ts';
import type { KPathLayout } from './network.ts';

/** Encoders and hidden block of a k-path network: what all decoders read. */
export interface KPathCodes<Numbers extends FlatArray> {
  readonly encoders: readonly LayerStack<Numbers>[];
  readonly hidden: LayerStack<Numbers>;
  /** (M · rows) × width, input domain after input domain; the array holds until the next call. */
  forward(theta: Numbers, batch: KPathBatch<Numbers>): Numbers;
}

export function createCodes<Numbers extends FlatArray>(
  layout: KPathLayout,
  M: number,
  maxRows: number,
  Precision: FlatArrayConstructor<Numbers>,
  linalg: LinalgBackend,
): KPathCodes<Numbers> {
  const width = layout.encoder[layout.encoder.length - 1].outputs;
  const encoders = Array.from({ length: M }, () => createLayerStack(layout.encoder, maxRows, Precision, linalg, false));
  const hidden = createLayerStack(layout.hidden, M * maxRows, Precision, linalg, true);
  const encoded = new Precision(M * maxRows * width);
  return {
    encoders,
    hidden,
    forward: (theta, { rows, inputs }) => {
      inputs.forEach((x, a) => {
        const code = encoders[a].forward(theta, layout.encoderAt(a), x, rows);
        copyInto(encoded, a * rows * width, code, 0, rows * width);
      });
      return hidden.forward(theta, layout.hiddenAt, encoded, M * rows);
    },
  };
}

export function copyInto(out: FlatArray, at: number, from: FlatArray, start: number, count: number): void {
  out.set(from.subarray(start, start + count), at);
}
