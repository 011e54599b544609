import type { ConformanceCase, LinalgBackend, Matrix } from '@ggdln/core';
import { identity, matrix, toRows } from '@ggdln/linalg';
import { kernelMatrix } from '../kernels/kernelMatrix.ts';
import { reluActivation } from '../kernels/relu.ts';
import { readStored } from '../readStored.ts';
import { ggdlnActionAt } from './actionAt.ts';
import { gateKernel } from './gateKernel.ts';
import { infiniteGatesKernel } from './infiniteGates.ts';
import { readProblem } from './readProblem.ts';
import { solveGgdln } from './solve.ts';
import type { GgdlnProblem } from './types.ts';

/** Kernels of infinitely many half-spaces, the Gaussian processes of one and two layers, and ReLU's for comparison. */
export const gateKernels: ConformanceCase = async ({ params, inputs }, { linalg }) => {
  const read = readStored('params', params);
  const X = readStored('inputs', inputs).matrix('X');
  const sigma = Math.sqrt(read.number('sigma2'));
  const relu = { activation: reluActivation, sigmas: [sigma, sigma] };
  const gp = (depth: number) => infiniteGatesKernel({ depth, sigma }, { X }, undefined, { linalg });
  return {
    gate0: toRows(await gateKernel({ X }, undefined, { linalg })),
    gateBias: toRows(await gateKernel({ X }, undefined, { linalg, threshold: read.number('bias') })),
    gpKernelL1: toRows(await gp(1)),
    gpKernelL2: toRows(await gp(2)),
    reluNNGP: toRows(await kernelMatrix(relu, 'nngp', X, undefined, { linalg })),
  };
};

/**
 * What a saddle point says of tasks: the Frobenius norm of the kernel between the first two of them relative to that
 * within the first, at the saddle and at infinite width, and the mean predictor of gates that don't see the task.
 * @param saddle Gives the results of a plain saddle point, which are part of the result.
 */
export function saddleTaskCode(saddle: ConformanceCase): ConformanceCase {
  return async (stored, context) => {
    const { linalg, signal } = context;
    const watchers = { linalg, ...(signal ? { signal } : {}) };
    const results = await saddle(stored, context);
    const U = readStored('results', results).matrices('U_topFirst');
    const read = readStored('inputs', stored.inputs);
    const problem = readProblem(stored);
    const tasks = read.matrix('taskCodes').rows;
    const at = async (order: readonly Matrix[]) =>
      interTaskRatio((await ggdlnActionAt(problem, order, { linalg })).kernel, problem.X.rows / tasks);
    const sigma2 = problem.sigma ** 2;
    return {
      ...results,
      interTaskRatio: await at(U),
      interTaskRatioGP: await at(U.map((u, t) => identity(u.rows, sigma2 ** (t + 1)))),
      meanWithoutTaskCode: Array.from(
        (await solveGgdln(blindToTasks(problem, read.matrix('V'), linalg), watchers)).predictor.mean.data,
      ),
    };
  };
}

/** The same problem with the half-spaces of the inputs alone, in every layer. @param V M × N0. */
function blindToTasks(problem: GgdlnProblem, V: Matrix, linalg: LinalgBackend): GgdlnProblem {
  const gatesAt = (X: Matrix) => {
    const { rows, cols, data } = linalg.gemm(X, V, { transB: true });
    const gates = matrix(
      rows,
      cols,
      data.map((projection) => (projection > 0 ? 1 : 0)),
    );
    return problem.gates.map(() => gates);
  };
  const { X, test } = problem;
  return { ...problem, gates: gatesAt(X), ...(test ? { test: { X: test.X, gates: gatesAt(test.X) } } : {}) };
}

/** Rows belong to tasks in equal parts, one task after the other. @param size Inputs of a task. */
function interTaskRatio(kernel: Matrix, size: number): number {
  const squares = (firstColumn: number) => {
    let sum = 0;
    for (let i = 0; i < size; i++) {
      for (let j = firstColumn; j < firstColumn + size; j++) sum += kernel.data[i * kernel.cols + j] ** 2;
    }
    return sum;
  };
  return Math.sqrt(squares(size) / squares(0));
}
