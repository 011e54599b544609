import { createRandom, createRegistry, type FileSource } from '@ggdln/core';
import { createWasmBackend } from '@ggdln/linalg';
import { standardPlugins } from '@ggdln/standard';
import { describe, expect, it } from 'vitest';
import { createClassifier } from '../src/classifier.ts';
import { createAdam } from '../src/galu/adam.ts';
import { findReproduction } from '../src/index.ts';

const linalg = await createWasmBackend();
const COUNT = 400;

/** Files in MNIST's format: label μ mod 10, and a bright bar of two rows that says which. */
const files: FileSource = {
  async read(_dataset, file) {
    const images = file.includes('images');
    const header = images ? [0, 0, 8, 3, COUNT, 28, 28] : [0, 0, 8, 1, COUNT];
    const size = images ? 784 : 1;
    const bytes = new Uint8Array(header.slice(4).length * 4 + 4 + COUNT * size);
    bytes.set(header.slice(0, 4));
    const view = new DataView(bytes.buffer);
    for (const [i, length] of header.slice(4).entries()) view.setUint32(4 + 4 * i, length);
    const data = bytes.subarray(bytes.length - COUNT * size);
    const rng = createRandom(file);
    for (let i = 0; i < COUNT; i++) {
      const label = i % 10;
      if (!images) data[i] = label;
      else
        for (let p = 0; p < 784; p++)
          data[i * 784 + p] = Math.floor(p / 56) === label + 2 ? 200 + rng.integer(50) : rng.integer(40);
    }
    return bytes;
  },
};

describe('reproductions on digits, at the scale of tests', () => {
  const context = { scale: 'test', seed: 1, registry: createRegistry(standardPlugins), linalg } as const;
  it.each(['gln/one-pass', 'gln/permuted', 'gln/split', 'galu/generalisation', 'galu/clothes'])(
    '%s gives the same figures and tables again',
    async (name) => {
      const run = () => findReproduction(name).run({ ...context, files });
      const { tables, figures, checks } = await run();
      expect(Object.keys(figures)).toContain('figure');
      expect(tables.table.rows.length).toBeGreaterThan(3);
      for (const { value } of tables.table.rows) expect(Number(value)).toBeGreaterThanOrEqual(0);
      for (const { found } of checks) expect(Number.isFinite(found)).toBe(true);
      expect((await run()).tables).toEqual(tables);
    },
  );

  it('says where digits come from when there are no files', async () => {
    await expect(findReproduction('gln/split').run(context)).rejects.toThrow(/needs MNIST.*createFileSource\(\)/s);
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const work = findReproduction('gln/permuted').run({
      ...context,
      files,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(work).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
  });
});

describe('createClassifier', () => {
  const X = { rows: 60, cols: 4, data: createRandom(1).fillGaussian(new Float64Array(240)) };
  /** Which quarter of the plane of the first two inputs: not linear. */
  const labels = Uint8Array.from({ length: 60 }, (_, row) => (X.data[4 * row] * X.data[4 * row + 1] > 0 ? 1 : 0));
  it.each(['relu', 'fixed'] as const)('learns what no linear map can, with gates %s', (gates) => {
    const adam = (length: number) => {
      const step = createAdam(length);
      return (theta: Float64Array, gradient: Float64Array) => step(theta, gradient, 0.02);
    };
    const sizes = { inputs: 4, hidden: 16, classes: 2, batch: 60 };
    const network = createClassifier({ ...sizes, gates, update: adam }, createRandom(3), linalg);
    for (let epoch = 0; epoch < 300; epoch++) network.learn(X, labels);
    expect(network.accuracy(X, labels)).toBeGreaterThan(0.95);
  });

  it('steps along the exact gradient of the cross-entropy', () => {
    const steps: Float64Array[] = [];
    const sizes = { inputs: 4, hidden: 3, classes: 2, batch: 60, gates: 'relu' } as const;
    const record = () => (theta: Float64Array, gradient: Float64Array) => {
      steps.push(gradient.slice(), theta);
    };
    createClassifier({ ...sizes, update: record }, createRandom(3), linalg).learn(X, labels);
    const [upperGradient, upper, , , lowerGradient, lower] = steps;
    const loss = () => crossEntropy(upper, lower, X.data, labels);
    for (const [theta, gradient] of [
      [upper, upperGradient],
      [lower, lowerGradient],
    ]) {
      for (let i = 0; i < theta.length; i++) {
        const before = theta[i];
        const at = [1e-5, -1e-5].map((h) => {
          theta[i] = before + h;
          return loss();
        });
        theta[i] = before;
        expect((at[0] - at[1]) / 2e-5).toBeCloseTo(gradient[i], 5);
      }
    }
  });
});

/** Mean cross-entropy of softmax A [W x]₊ with 3 units, 2 classes and biases 0. */
function crossEntropy(A: Float64Array, W: Float64Array, X: Float64Array, labels: Uint8Array): number {
  let sum = 0;
  for (const [row, label] of labels.entries()) {
    const h = [0, 1, 2].map((j) =>
      Math.max(
        0,
        [0, 1, 2, 3].reduce((s, i) => s + W[4 * j + i] * X[4 * row + i], 0),
      ),
    );
    const f = [0, 1].map((c) => h.reduce((s, value, j) => s + A[3 * c + j] * value, 0));
    sum += Math.log(Math.exp(f[0]) + Math.exp(f[1])) - f[label];
  }
  return sum / labels.length;
}
