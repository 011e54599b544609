import type { Tensor } from '@tensorflow/tfjs-core';
import { type Check, demand } from '../check.ts';
import {
  compute,
  demandNumbers,
  gaussianNumbers,
  type Numbers,
  productReference,
  type Tensors,
  tensorOf,
} from './reference.ts';
import type { TensorCheck } from './tensorCheck.ts';

const [P, N0, N, M] = [21, 33, 18, 4];

/** Derivatives of E = ½ Σ (f − y)² against the same derivatives written out in float64. */
export function gradientChecks(check: TensorCheck): Check[] {
  return [
    check('has the gradients of relu, erf and square', async (tf, tolerance) => {
      const [a, w] = [gaussianNumbers('A', 6, 5), gaussianNumbers('w', 6, 5)];
      const operations: readonly [string, (x: Tensor) => Tensor, (x: number) => number][] = [
        ['relu', (x) => tf.relu(x), (x) => (x > 0 ? 1 : 0)],
        ['erf', (x) => tf.erf(x), (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x)],
        ['square', (x) => tf.square(x), (x) => 2 * x],
      ];
      for (const [name, operation, slope] of operations) {
        const energy = (x: Tensor) => tf.sum(tf.mul(operation(x), tensorOf(tf, w))) as never;
        const [found] = await compute(tf, () => [tf.grad(energy)(tensorOf(tf, a))]);
        const data = Float64Array.from(a.data, (x, at) => w.data[at] * slope(x));
        demandNumbers(`the gradient of ${name}`, found, { shape: a.shape, data }, tolerance);
      }
    }),
    check('has the gradients of a gated network', async (tf, tolerance) => {
      const network = sampleNetwork();
      const found = await compute(tf, () => gradientsOf(tf, network));
      const expected = gradientReference(network);
      demandNumbers('the gradient by the first layer', found[0], { shape: [N, N0], data: expected.W }, 10 * tolerance);
      demandNumbers('the gradient by the readout', found[1], { shape: [N, M], data: expected.a }, 10 * tolerance);
    }),
    check('holds as many tensors after a step of training as before', async (tf) => {
      const network = sampleNetwork();
      await compute(tf, () => gradientsOf(tf, network));
      const before = tf.memory().numTensors;
      await compute(tf, () => gradientsOf(tf, network));
      const after = tf.memory().numTensors;
      demand(after === before, `a step leaves ${after - before} tensors behind, expected none`);
    }),
  ];
}

interface Network {
  readonly X: Numbers;
  readonly gates: Numbers;
  readonly W: Numbers;
  readonly a: Numbers;
  readonly y: Numbers;
}

function sampleNetwork(): Network {
  const signs = gaussianNumbers('gates', P, M);
  return {
    X: gaussianNumbers('X', P, N0),
    gates: { ...signs, data: signs.data.map((x) => (x > 0 ? 1 : 0)) },
    W: gaussianNumbers('W', N, N0),
    a: gaussianNumbers('a', N, M),
    y: gaussianNumbers('y', P, 1),
  };
}

/** f_μ = Σ_m g_m(x_μ) Σ_i a_im (W x_μ)_i / √(N N0), by automatic differentiation. */
function gradientsOf(tf: Tensors, { X, gates, W, a, y }: Network): Tensor[] {
  const energy = (w: Tensor, readout: Tensor) => {
    const hidden = tf.mul(tf.matMul(tensorOf(tf, X) as never, w as never, false, true), 1 / Math.sqrt(N0));
    const branches = tf.mul(tf.matMul(hidden as never, readout as never), 1 / Math.sqrt(N));
    const f = tf.reshape(tf.sum(tf.mul(branches, tensorOf(tf, gates)), 1), [P, 1]);
    return tf.mul(tf.sum(tf.square(tf.sub(f, tensorOf(tf, y)))), 0.5) as never;
  };
  return tf.grads(energy)([tensorOf(tf, W), tensorOf(tf, a)]);
}

/** The same by hand: δ_μ = f_μ − y_μ, ∂E/∂a_im = Σ_μ δ_μ g_m h_i/√N, ∂E/∂W_ij = Σ_μ δ_μ (Σ_m g_m a_im) x_j/√(N N0). */
function gradientReference({ X, gates, W, a, y }: Network): { readonly W: Float64Array; readonly a: Float64Array } {
  const scale = 1 / Math.sqrt(N);
  const h = productReference(X.data, W.data, { m: P, k: N0, n: N }, { a: false, b: true }).map(
    (value) => value / Math.sqrt(N0),
  );
  const readouts = productReference(gates.data, a.data, { m: P, k: M, n: N }, { a: false, b: true });
  const delta = Float64Array.from({ length: P }, (_, mu) => {
    let f = 0;
    for (let i = 0; i < N; i++) f += scale * h[mu * N + i] * readouts[mu * N + i];
    return f - y.data[mu];
  });
  const scaled = (rows: ArrayLike<number>, factor: number) =>
    Float64Array.from(rows, (value, at) => factor * delta[Math.floor(at / N)] * value);
  const transposed = { a: true, b: false };
  return {
    a: productReference(scaled(h, scale), gates.data, { m: N, k: P, n: M }, transposed),
    W: productReference(scaled(readouts, scale / Math.sqrt(N0)), X.data, { m: N, k: P, n: N0 }, transposed),
  };
}
