import type { LinalgBackend, Matrix } from '@ggdln/core';
import { copy, identity, transpose } from '@ggdln/linalg';
import { type Check, demand, demandRefusal } from '../check.ts';
import { demandSameBits } from '../compare.ts';
import {
  demandEqual,
  gaussianMatrix,
  type LinalgCheck,
  lowerTriangle,
  mapEntries,
  multiply,
  positiveMatrix,
  SIZES,
} from './reference.ts';

/** Cholesky factors, their inverses, and solves with them. */
export function choleskyChecks(check: LinalgCheck): Check[] {
  return [
    check('factorises A = LLᵀ with a positive diagonal and zeros above it', demandFactor),
    check('reads the lower triangle only', ({ cholesky }) => {
      for (const n of [3, 65, 130]) {
        const a = positiveMatrix(n);
        demandSameBits('factor', cholesky(lowerTriangle(a, Number.NaN)).data, cholesky(a).data);
      }
    }),
    check('names the pivot of a matrix that is not positive definite', demandPivotNamed),
    check('inverts from a factor: A · A⁻¹ = 1, exactly symmetric', ({ cholesky, choleskyInverse }) => {
      for (const n of SIZES) {
        const a = positiveMatrix(n);
        const inverse = choleskyInverse(cholesky(a));
        demandEqual(`A · A⁻¹, n = ${n}`, multiply(a, inverse), identity(n));
        demandSameBits('transpose of the inverse', transpose(inverse).data, inverse.data);
      }
    }),
    check('gives the same bits with overwrite, and names the pivot then too', demandOverwrite),
    check('solves with a factor, and with L and Lᵀ', demandSolves),
    check('refuses a factor with a zero on its diagonal', async (backend) => {
      const l = mapEntries(identity(40), (value, i) => (i === 35 ? 0 : value));
      const b = gaussianMatrix(40, 3);
      const named = (run: () => unknown) => demandMessage('a zero at row 35', run, 'GGDLN_NUMERICAL', '35');
      await named(() => backend.triangularSolve(l, b));
      await named(() => backend.choleskySolve(l, b));
      await named(() => backend.choleskyInverse(l));
    }),
  ];
}

function demandFactor({ cholesky }: LinalgBackend): void {
  for (const n of SIZES) {
    const a = positiveMatrix(n);
    const l = cholesky(a);
    demandEqual(`LLᵀ, n = ${n}`, multiply(l, transpose(l)), a);
    demandSameBits('triangle above the diagonal', l.data, lowerTriangle(l).data);
    for (let i = 0; i < n; i++)
      demand(l.data[i * (n + 1)] > 0, `diagonal entry ${i} is ${l.data[i * (n + 1)]}, expected > 0`);
  }
}

async function demandPivotNamed({ cholesky }: LinalgBackend): Promise<void> {
  for (const [n, at] of [
    [1, 0],
    [3, 1],
    [40, 39],
    [70, 66],
    [130, 100],
  ] as const) {
    const a = positiveMatrix(n);
    const bad = mapEntries(a, (value, i, j) => (i === at && j === at ? -3 : value));
    await demandMessage(`a pivot below 0 at ${at}`, () => cholesky(bad), 'GGDLN_NUMERICAL', `${at}`);
  }
}

async function demandOverwrite({ cholesky, choleskyInverse }: LinalgBackend): Promise<void> {
  for (const n of SIZES) {
    const a = positiveMatrix(n);
    const l = cholesky(a);
    demandSameBits('factor with overwrite', cholesky(copy(a), { overwrite: true }).data, l.data);
    demandSameBits(
      'inverse with overwrite',
      choleskyInverse(copy(l), { overwrite: true }).data,
      choleskyInverse(l).data,
    );
    const [whole, lower] = [choleskyInverse(l), choleskyInverse(l, { lowerOnly: true })];
    const below = (x: Matrix) => mapEntries(x, (value, i, j) => (j > i ? 0 : value)).data;
    demandSameBits('the lower triangle alone', below(lower), below(whole));
  }
  const bad = mapEntries(positiveMatrix(70), (value, i, j) => (i === 66 && j === 66 ? -3 : value));
  const refuse = (what: string, word: string, code: 'GGDLN_INPUT' | 'GGDLN_NUMERICAL') =>
    demandMessage(what, () => cholesky(copy(bad), { overwrite: true }), code, word);
  await refuse('a pivot below 0 with overwrite', '66', 'GGDLN_NUMERICAL');
  await refuse('a pivot below 0 with overwrite, with its diagonal entry', '-3', 'GGDLN_NUMERICAL');
  bad.data[60 * 70 + 3] = Number.NaN;
  await refuse('NaN with overwrite', 'NaN', 'GGDLN_INPUT');
  const invert = (what: string, l: Matrix, code: 'GGDLN_INPUT' | 'GGDLN_NUMERICAL', word: string) =>
    demandMessage(what, () => choleskyInverse(copy(l), { overwrite: true }), code, word);
  await invert('inverse of NaN with overwrite', bad, 'GGDLN_INPUT', 'row 60');
  await invert('inverse beyond the largest number with overwrite', identity(70, 1e-200), 'GGDLN_NUMERICAL', 'overflow');
}

function demandSolves({ cholesky, choleskySolve, triangularSolve }: LinalgBackend): void {
  for (const n of SIZES) {
    const a = positiveMatrix(n);
    const l = cholesky(a);
    for (const columns of [0, 1, 2, 7, 66]) {
      const b = gaussianMatrix(n, columns);
      const what = `n = ${n}, ${columns} columns`;
      demandEqual(`A · solution, ${what}`, multiply(a, choleskySolve(l, b)), b);
      demandEqual(`L · solution, ${what}`, multiply(l, triangularSolve(l, b)), b);
      demandEqual(`Lᵀ · solution, ${what}`, multiply(transpose(l), triangularSolve(l, b, { trans: true })), b);
    }
  }
}

/** Demands a refusal whose message has all these words. */
export async function demandMessage(
  what: string,
  run: () => unknown,
  code: 'GGDLN_INPUT' | 'GGDLN_NUMERICAL',
  ...words: readonly string[]
): Promise<void> {
  await demandRefusal(what, run, code);
  try {
    run();
  } catch (error) {
    const { message } = error as Error;
    for (const word of words)
      demand(message.includes(word), `${what}: the message lacks "${word}", expected it to be named: ${message}`);
  }
}
