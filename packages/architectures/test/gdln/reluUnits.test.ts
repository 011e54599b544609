import { createRandom } from '@ggdln/core';
import { createMlMatrixBackend, type Matrix, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { descendGdln, gdlnConserved, gdlnForward, gdlnGradient, reluAsGdln } from '../../src/gdln/index.ts';

const linalg = createMlMatrixBackend();
const rng = createRandom(8).stream('relu');
const draw = (rows: number, cols: number): Matrix =>
  matrix(rows, cols, rng.fillGaussian(new Float64Array(rows * cols)));

/** Output, loss and gradients of a ReLU network, unit by unit. */
function relu(layers: readonly Matrix[], X: Matrix, Y: Matrix) {
  const gradients = layers.map(({ rows, cols }) => matrix(rows, cols));
  const outputs = matrix(X.rows, Y.cols);
  let loss = 0;
  for (let p = 0; p < X.rows; p++) {
    const activity: number[][] = [Array.from(X.data.subarray(p * X.cols, (p + 1) * X.cols))];
    layers.forEach((W, l) => {
      const drive = Array.from({ length: W.rows }, (_, i) =>
        activity[l].reduce((sum, value, j) => sum + W.data[i * W.cols + j] * value, 0),
      );
      activity.push(l === layers.length - 1 ? drive : drive.map((value) => Math.max(0, value)));
    });
    let back = activity[layers.length].map((value, c) => {
      outputs.data[p * Y.cols + c] = value;
      return (value - Y.data[p * Y.cols + c]) / X.rows;
    });
    loss += back.reduce((sum, error) => sum + (error * error * X.rows) / 2, 0);
    for (let l = layers.length - 1; l >= 0; l--) {
      const { cols, data } = layers[l];
      back.forEach((slope, i) => {
        for (let j = 0; j < cols; j++) gradients[l].data[i * cols + j] += slope * activity[l][j];
      });
      const above = back;
      back = activity[l].map((value, j) =>
        l > 0 && value === 0 ? 0 : above.reduce((sum, slope, i) => sum + slope * data[i * cols + j], 0),
      );
    }
  }
  return { outputs, loss, gradients };
}

describe('a ReLU network with its gates frozen', () => {
  const layers = [draw(5, 3), draw(4, 5), draw(2, 4)];
  const [X, Y] = [draw(7, 3), draw(7, 2)];
  const { gdln, weights, nodeGates } = reluAsGdln(layers, X, linalg);
  const data = { inputs: { x: X }, targets: { y: Y }, nodeGates };

  it('has the outputs, loss and gradient of the gated network, to rounding', () => {
    const direct = relu(layers, X, Y);
    const same = gdlnGradient(gdln, weights, data, linalg);
    expect(same.loss).toBeCloseTo(direct.loss, 13);
    const { y } = gdlnForward(gdln, weights, data, linalg);
    y.data.forEach((value, i) => {
      expect(Math.abs(value - direct.outputs.data[i])).toBeLessThan(1e-14 * 10);
    });
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 5; j++) {
        const gradient = same.gradients[`h1/${j}>h2/${i}`].data[0];
        expect(Math.abs(gradient - direct.gradients[1].data[i * 5 + j])).toBeLessThan(1e-13);
      }
    }
    for (let j = 0; j < 3; j++) {
      expect(Math.abs(same.gradients['x>h1/2'].data[j] - direct.gradients[0].data[2 * 3 + j])).toBeLessThan(1e-13);
    }
  });

  it('walks the same way step by step until a unit changes its mind, and not after', () => {
    const rate = 0.02;
    let moving = layers;
    let step = 0;
    const patterns = () => JSON.stringify(reluAsGdln(moving, X, linalg).nodeGates);
    const losses: number[] = [];
    for (; step < 400 && patterns() === JSON.stringify(nodeGates); step++) {
      const { loss, gradients } = relu(moving, X, Y);
      losses.push(loss);
      moving = moving.map(({ rows, cols, data: values }, l) =>
        matrix(
          rows,
          cols,
          values.map((value, i) => value - rate * gradients[l].data[i]),
        ),
      );
    }
    expect(losses.length).toBeGreaterThan(3);
    expect(losses.length).toBeLessThan(400);
    const steps = losses.map((_, i) => i);
    const course = descendGdln(weights, (at) => gdlnGradient(gdln, at, data, linalg), { rate, steps });
    course.forEach(({ loss }, i) => {
      expect(Math.abs(loss - losses[i])).toBeLessThan(1e-12 * (1 + losses[0]));
    });
    const [later] = descendGdln(weights, (at) => gdlnGradient(gdln, at, data, linalg), { rate, steps: [step + 1] });
    const after = relu(moving, X, Y).gradients;
    const next = moving.map(({ rows, cols, data: values }, l) =>
      matrix(
        rows,
        cols,
        values.map((value, i) => value - rate * after[l].data[i]),
      ),
    );
    expect(Math.abs(later.loss - relu(next, X, Y).loss)).toBeGreaterThan(1e-9);
  });

  it('conserves the difference of squared outgoing and incoming weights of every unit', () => {
    const first = layers[0].data.subarray(0, 3);
    const outgoing = [0, 1, 2, 3].map((i) => layers[1].data[i * 5]);
    const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value * value, 0);
    expect(gdlnConserved(gdln, weights, linalg)['h1/0'].data[0]).toBeCloseTo(sum(outgoing) - sum(first), 12);
  });

  it('refuses layers that do not fit', () => {
    expect(() => reluAsGdln([draw(2, 3)], X, linalg)).toThrow('there are 1 layers');
    expect(() => reluAsGdln([draw(2, 3), draw(1, 3)], X, linalg)).toThrow('layer 2 is 1 × 3. It should be 1 × 2');
  });
});
