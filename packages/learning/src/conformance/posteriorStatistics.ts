import { createGgdln } from '@ggdln/architectures';
import type { ConformanceCase, Matrix } from '@ggdln/core';
import { columnVector, matrix, toRows } from '@ggdln/linalg';
import { blockGibbs } from '../gibbs/blockGibbs.ts';
import { matrixAt, numberAt, vectorAt } from './arrays.ts';

const OPTIONS = { sweeps: 8000, chains: 2, batches: 40 };

/**
 * `ggdln.posterior-statistics`: the exact posterior by block Gibbs, with standard errors beside every value (`…_se`).
 */
export const posteriorStatistics: ConformanceCase = async ({ params, inputs }, context) => {
  const X = matrixAt(inputs, 'Xtest');
  const problem = {
    architecture: createGgdln({
      depth: 1,
      width: numberAt(params, 'N'),
      sigma: Math.sqrt(numberAt(params, 'sigma2')),
    }),
    train: { X: matrixAt(inputs, 'X'), Y: columnVector(vectorAt(inputs, 'y')), gates: [matrixAt(inputs, 'gates')] },
    test: { X, Y: matrix(X.rows, 1), gates: [matrixAt(inputs, 'gatesTest')] },
    gateNames: [],
    temperature: numberAt(params, 'T'),
  };
  const run = blockGibbs(OPTIONS).run(problem, context);
  let step = await run.next();
  while (!step.done) step = await run.next();
  const { predictor, orderParameters, diagnostics } = step.value;
  const { U1 } = orderParameters;
  const list = (a: Matrix | undefined) => Array.from(a?.data ?? []);
  return {
    meanF: list(predictor.mean.value),
    meanF_se: list(predictor.mean.stderr),
    varF: list(predictor.variance.value),
    varF_se: list(predictor.variance.stderr),
    U: toRows(U1.value),
    U_se: toRows(U1.stderr as Matrix),
    virial: diagnostics.virial.value,
    virial_se: diagnostics.virial.stderr ?? 0,
  };
};
