import { createMlMatrixBackend, matrix } from '@ggdln/linalg';
import { expect, it } from 'vitest';
import { kernelMatrix } from '../../src/kernels/kernelMatrix.ts';
import { parallelRounding } from '../../src/kernels/parallelRounding.ts';
import { reluActivation } from '../../src/kernels/relu.ts';

const linalg = createMlMatrixBackend();

/** Two unit vectors that are not on the axes, so that their product rounds. @param angle Between them. */
function pair(angle: number) {
  const at = 0.7;
  return [
    matrix(1, 2, Float64Array.of(Math.cos(at), Math.sin(at))),
    matrix(1, 2, Float64Array.of(Math.cos(at + angle), Math.sin(at + angle))),
  ] as const;
}

/** NTK of one hidden layer for unit vectors at σ = 1, from the angle itself. */
function ntk(angle: number): number {
  const open = Math.PI - angle;
  const moment = (Math.sin(angle) + open * Math.cos(angle)) / (2 * Math.PI);
  return (moment + (Math.cos(angle) * open) / (2 * Math.PI)) / 2;
}

it.each([0, 1e-9, 1e-8, 1e-7, 1e-6, 1e-4, 0.01, 1, 3])('holds the error of a kernel at the angle %s', async (angle) => {
  const [Xa, Xb] = pair(angle);
  const network = { activation: reluActivation, sigmas: [1, 1] };
  const kernel = await kernelMatrix(network, 'ntk', Xa, Xb, { linalg });
  const rounding = parallelRounding(kernel, 1, Xa, Xb).data[0];
  expect(Math.abs(kernel.data[0] - ntk(angle))).toBeLessThanOrEqual(rounding + 4e-16);
  expect(rounding).toBeLessThanOrEqual(6.8e-9 * Math.abs(kernel.data[0]));
  if (angle >= 1e-4) expect(rounding).toBeLessThan(1e-12);
});
