import type { JsonObject, LinalgBackend, Problem, TheoryEntry, TheoryResult } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { type Check, demand, demandRefusal, once } from './check.ts';
import { checkEntry, resolved } from './checkEntry.ts';
import { demandFinite, demandMatrix, demandNotNegative, demandSameBits } from './compare.ts';
import { demandSupport, demandUntouched, traitsOf } from './problems.ts';
import { sampleContext } from './samples.ts';

/** What a theory is tested on. */
export interface TheorySetup {
  /** A problem that it solves; see `sampleProblem`. */
  readonly problem: Problem;
  /** Raw option values, as in a spec file. */
  readonly options?: JsonObject;
  /** Default: the portable backend. */
  readonly linalg?: LinalgBackend;
}

/** The contract of a theory, as checks that need no test runner; `testTheory` runs them under vitest. */
export function checkTheory(entry: TheoryEntry, setup: TheorySetup): Check[] {
  const { problem, linalg } = setup;
  const solve = (given: Problem, signal?: AbortSignal): Promise<TheoryResult> =>
    entry.create(resolved<'theory'>(entry, setup.options)).solve(given, sampleContext(linalg, signal));
  const solved = once(() => solve(problem));
  return [
    ...checkEntry(entry),
    { name: 'supports the problem that it is tested on', run: () => demandSupport(entry, problem) },
    {
      name: 'gives a finite mean and a variance that is not negative for each test input',
      run: async () => demandPredictor(await solved(), problem),
    },
    { name: 'gives finite order parameters and diagnostics', run: async () => demandNumbers(await solved()) },
    {
      name: 'gives the same bits for the same stream',
      run: async () => demandSameResult(await solve(problem), await solved()),
    },
    { name: 'leaves the problem as it is', run: () => demandUntouched(problem, () => solve(problem)) },
    {
      name: 'stops when cancelled',
      run: () => demandRefusal('a fired signal', () => solve(problem, AbortSignal.abort()), 'GGDLN_CANCELLED'),
    },
    {
      name: 'says why it does not solve a network of an unknown family',
      run: () =>
        demand(
          entry.supports(traitsOf(strange(problem))) !== undefined,
          'it claims to solve any family, expected a reason and a remedy for those that it does not know',
        ),
    },
    {
      name: 'refuses what it says it does not support, with reason and remedy',
      run: async () => {
        for (const other of variations(problem)) await demandRefusedIfUnsupported(entry, other, () => solve(other));
      },
    },
  ];
}

/** Problems that differ from a given one in what compatibility is decided on. */
function variations(problem: Problem): Problem[] {
  return [strange(problem), withOneMoreOutput(problem), { ...problem, temperature: 0 }];
}

async function demandRefusedIfUnsupported(
  entry: TheoryEntry,
  problem: Problem,
  solve: () => Promise<TheoryResult>,
): Promise<void> {
  const refused = entry.supports(traitsOf(problem));
  if (!refused) return;
  const traits = JSON.stringify(traitsOf(problem));
  demand(
    refused.reason.trim() !== '' && refused.remedy.trim() !== '',
    `no reason or no remedy for ${traits}, expected both`,
  );
  await demandRefusal(`solving the unsupported ${traits}`, solve);
}

function strange(problem: Problem): Problem {
  const { architecture } = problem;
  const { sigma, widths } = architecture;
  return {
    ...problem,
    architecture: {
      family: 'plugin-testkit-unknown',
      widths,
      sigma,
      shapes: (dimensions) => architecture.shapes(dimensions),
      predict: (parameters, inputs, linalg) => architecture.predict(parameters, inputs, linalg),
    },
  };
}

function withOneMoreOutput(problem: Problem): Problem {
  const more = (part: Problem['train']): Problem['train'] => {
    const { rows, cols, data } = part.Y;
    const out = matrix(rows, cols + 1);
    for (let i = 0; i < rows; i++) {
      out.data.set(data.subarray(i * cols, (i + 1) * cols), i * (cols + 1));
      out.data[i * (cols + 1) + cols] = data[i * cols];
    }
    return { ...part, Y: out };
  };
  return { ...problem, train: more(problem.train), test: more(problem.test) };
}

function demandPredictor({ predictor: { mean, variance } }: TheoryResult, { test }: Problem): void {
  demandMatrix('mean', mean, test.Y.rows, test.Y.cols);
  demandMatrix('variance', variance, test.Y.rows, test.Y.cols);
  demandNotNegative('variance', variance.data);
}

function demandNumbers({ orderParameters, diagnostics }: TheoryResult): void {
  for (const [name, value] of Object.entries(orderParameters)) demandMatrix(name, value, value.rows, value.cols);
  for (const [name, value] of Object.entries(diagnostics)) demandFinite(`diagnostic ${name}`, [value]);
}

function demandSameResult(found: TheoryResult, expected: TheoryResult): void {
  demandSameBits('mean solved again', found.predictor.mean.data, expected.predictor.mean.data);
  demandSameBits('variance solved again', found.predictor.variance.data, expected.predictor.variance.data);
  for (const [name, value] of Object.entries(expected.orderParameters)) {
    demandSameBits(`${name} solved again`, found.orderParameters[name].data, value.data);
  }
}
