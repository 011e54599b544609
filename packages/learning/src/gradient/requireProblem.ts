import { inputError, type Matrix, type Problem } from '@ggdln/core';

/** Checks what gradient learners rely on. @throws GGDLN_INPUT naming the shape or the place of a bad number. */
export function requireProblem({ train, test, architecture, temperature }: Problem, where: string): void {
  if (!(temperature >= 0 && Number.isFinite(temperature))) {
    throw inputError(where, `temperature is ${temperature}`, 'Give a finite T ≥ 0');
  }
  if (!(architecture.sigma > 0 && Number.isFinite(architecture.sigma))) {
    throw inputError(where, `the prior deviation sigma is ${architecture.sigma}`, 'Give a finite σ > 0');
  }
  if (train.X.rows === 0) throw inputError(where, 'there are no training examples', 'Give at least one');
  for (const [part, data] of [
    ['training', train],
    ['test', test],
  ] as const) {
    const { X, Y, gates } = data;
    requireShape(where, `${part} inputs X`, X, { rows: X.rows, cols: train.X.cols });
    requireShape(where, `${part} targets Y`, Y, { rows: X.rows, cols: train.Y.cols });
    for (const [i, values] of gates.entries()) {
      requireShape(where, `${part} gates[${i}]`, values, { rows: X.rows, cols: train.gates[i]?.cols ?? values.cols });
    }
    if (gates.length !== train.gates.length) {
      throw inputError(
        where,
        `there are ${gates.length} test gate matrices and ${train.gates.length} for training`,
        'Give one a layer in both',
      );
    }
  }
}

function requireShape(where: string, name: string, a: Matrix, expected: { rows: number; cols: number }): void {
  if (a.rows !== expected.rows || a.cols !== expected.cols || a.data.length !== a.rows * a.cols) {
    throw inputError(
      where,
      `${name} are ${a.rows} × ${a.cols} with ${a.data.length} numbers`,
      `They should be ${expected.rows} × ${expected.cols}`,
    );
  }
  const bad = a.data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const place = `(${Math.floor(bad / a.cols)}, ${bad % a.cols})`;
    throw inputError(where, `${name} hold ${a.data[bad]} at ${place}`, 'All numbers must be finite');
  }
}
