import type { FlatArray, FlatArrayConstructor, LinalgBackend } from '@ggdln/core';

/** A linear layer with bias in a flat array of parameters: `outputs` × `inputs` weights, then `outputs` biases. */
export interface Layer {
  /** Where its weights begin, counted from where its stack begins. Layers that share weights share the offset. */
  readonly offset: number;
  readonly inputs: number;
  readonly outputs: number;
  /** A ReLU follows. */
  readonly relu: boolean;
}

/** Layers one after the other on batches of rows. It holds the activity of its last forward pass. */
export interface LayerStack<Numbers extends FlatArray> {
  /** Outputs for `rows` rows of x; the array is the stack's and holds until the next call. */
  forward(theta: Numbers, at: number, x: Numbers, rows: number): Numbers;
  /**
   * Writes the derivatives in the stack's own parameters to the start of `gradient`, or adds them, given those in the
   * outputs of the last forward pass.
   * @param into Where the derivatives in x go; left out where they aren't needed.
   */
  backward(theta: Numbers, at: number, slope: Numbers, gradient: Numbers, into?: Numbers): void;
}

/** Numbers of parameters that a layer takes. */
export const layerSize = ({ inputs, outputs }: Pick<Layer, 'inputs' | 'outputs'>): number => outputs * (inputs + 1);

/**
 * @param maxRows Work arrays are made once, for so many rows.
 * @param adds Backward passes add to the gradient instead of writing over it: for layers that share weights.
 */
export function createLayerStack<Numbers extends FlatArray>(
  layers: readonly Layer[],
  maxRows: number,
  Precision: FlatArrayConstructor<Numbers>,
  linalg: LinalgBackend,
  adds: boolean,
): LayerStack<Numbers> {
  const active = layers.map(({ outputs }) => new Precision(maxRows * outputs));
  const slopes = layers.map(({ inputs }) => new Precision(maxRows * inputs));
  let given: Numbers = new Precision(0);
  let rows = 0;
  return {
    forward: (theta, at, x, count) => {
      [given, rows] = [x, count];
      layers.forEach(({ offset, inputs, outputs, relu }, l) => {
        const out = active[l];
        const start = at + offset;
        repeatRow(out, theta, start + outputs * inputs, outputs, rows);
        const product = { m: rows, n: outputs, k: inputs, transB: true, beta: 1, offsets: { b: start } };
        linalg.multiplyInto<FlatArray>(product, l === 0 ? given : active[l - 1], theta, out);
        if (relu) for (let i = 0; i < rows * outputs; i++) if (out[i] < 0) out[i] = 0;
      });
      return active[layers.length - 1];
    },
    backward: (theta, at, slope, gradient, into) => {
      let back = slope;
      for (let l = layers.length - 1; l >= 0; l--) {
        const { offset, inputs, outputs, relu } = layers[l];
        const start = at + offset;
        if (relu) for (let i = 0; i < rows * outputs; i++) if (!(active[l][i] > 0)) back[i] = 0;
        const source = l === 0 ? given : active[l - 1];
        const product = { m: outputs, n: inputs, k: rows, transA: true, beta: adds ? 1 : 0, offsets: { c: offset } };
        if (!adds) gradient.fill(0, offset + outputs * inputs, offset + outputs * (inputs + 1));
        linalg.multiplyInto<FlatArray>(product, back, source, gradient);
        addColumnSums(gradient, offset + outputs * inputs, back, outputs, rows);
        const below = l > 0 ? slopes[l] : into;
        if (!below) return;
        linalg.multiplyInto<FlatArray>({ m: rows, n: inputs, k: outputs, offsets: { b: start } }, back, theta, below);
        back = below;
      }
    },
  };
}

function repeatRow(out: FlatArray, theta: FlatArray, start: number, width: number, rows: number): void {
  for (let row = 0, i = 0; row < rows; row++) {
    for (let j = 0; j < width; j++) out[i++] = theta[start + j];
  }
}

function addColumnSums(out: FlatArray, start: number, values: FlatArray, width: number, rows: number): void {
  for (let row = 0, i = 0; row < rows; row++) {
    for (let j = 0; j < width; j++) out[start + j] += values[i++];
  }
}
