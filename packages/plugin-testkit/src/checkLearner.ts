import type {
  Estimate,
  JsonObject,
  Learner,
  LearnerEntry,
  LearnerResult,
  LearnerSnapshot,
  LinalgBackend,
  Parameters,
  Problem,
} from '@ggdln/core';
import { type Check, demand, demandRefusal, once } from './check.ts';
import { checkEntry, resolved } from './checkEntry.ts';
import { demandFinite, demandMatrix, demandNotNegative, demandSameBits } from './compare.ts';
import { demandCancelled, demandReturn, finish } from './courses.ts';
import { demandSupport, demandUntouched } from './problems.ts';
import { sampleContext } from './samples.ts';

/** What a learner is tested on. */
export interface LearnerSetup {
  /** A problem that it trains or samples; see `sampleProblem`. */
  readonly problem: Problem;
  /** Raw option values, as in a spec file; choose few sweeps or steps, it runs several times. */
  readonly options?: JsonObject;
  /** Default: the portable backend. */
  readonly linalg?: LinalgBackend;
}

/** The contract of a learner, as checks that need no test runner; `testLearner` runs them under vitest. */
export function checkLearner(entry: LearnerEntry, setup: LearnerSetup): Check[] {
  const { problem, linalg } = setup;
  const start = (signal?: AbortSignal): ReturnType<Learner['run']> =>
    entry.create(resolved<'learner'>(entry, setup.options)).run(problem, sampleContext(linalg, signal));
  const finished = once(() => finish(start()));
  return [
    ...checkEntry(entry),
    { name: 'supports the problem that it is tested on', run: () => demandSupport(entry, problem) },
    {
      name: 'gives finite mean and variance with standard errors of the same shape',
      run: async () => demandPredictor((await finished()).result, problem),
    },
    {
      name: 'gives finite order parameters and diagnostics',
      run: async () => demandNumbers((await finished()).result),
    },
    {
      name: 'ends with parameters of the shapes that the network asks for',
      run: async () => demandParameters((await finished()).result.parameters, problem),
    },
    {
      name: 'shows ascending snapshots of finite numbers',
      run: async () => demandSnapshots((await finished()).snapshots),
    },
    {
      name: 'gives the same bits for the same stream',
      run: async () => demandSameResult((await finish(start())).result, (await finished()).result),
    },
    {
      name: 'gives the same bits when its chains run apart',
      run: async () => demandChains(entry, setup, (await finished()).result),
    },
    { name: 'leaves the problem as it is', run: () => demandUntouched(problem, () => finish(start())) },
    {
      name: 'stops when cancelled before the start',
      run: () => demandRefusal('a fired signal', () => finish(start(AbortSignal.abort())), 'GGDLN_CANCELLED'),
    },
    { name: 'stops when cancelled while it works', run: () => demandCancelled(start) },
    { name: 'ends when nobody listens any more', run: () => demandReturn(start()) },
  ];
}

/** Backwards and through a clone, as other processes would do it. */
async function demandChains(entry: LearnerEntry, setup: LearnerSetup, together: LearnerResult): Promise<void> {
  const { chains } = entry.create(resolved<'learner'>(entry, setup.options));
  if (!chains) return;
  const { problem, linalg } = setup;
  demand(
    Number.isInteger(chains.count) && chains.count > 0,
    `chains.count is ${chains.count}, expected a whole number ≥ 1`,
  );
  const ends = new Array<unknown>(chains.count);
  for (let index = chains.count - 1; index >= 0; index--) {
    ends[index] = structuredClone(await chains.run(index, problem, sampleContext(linalg)));
  }
  demandSameResult(chains.join(ends, problem, sampleContext(linalg)), together);
}

function demandPredictor({ predictor }: LearnerResult, { test }: Problem): void {
  const { mean, variance, batches } = predictor;
  demandEstimate('mean', mean, test.Y.rows, test.Y.cols);
  demandEstimate('variance', variance, test.Y.rows, test.Y.cols);
  demandNotNegative('variance', variance.value.data);
  if (!batches) return;
  const outputs = test.Y.rows * test.Y.cols;
  demandMatrix('batch means', batches.mean, batches.mean.rows, outputs);
  demandMatrix('batch means of squares', batches.square, batches.mean.rows, outputs);
  const spread = batches.square.data.map((square, i) => square - batches.mean.data[i] ** 2);
  const largest = batches.square.data.reduce((a, b) => Math.max(a, b), 0);
  const bad = spread.findIndex((value) => value < -1e-10 * largest);
  demand(
    bad < 0,
    `batch moment ${bad}: the mean of f² is below the square of the mean of f by ${-spread[bad]}, expected above`,
  );
}

function demandEstimate(what: string, { value, stderr }: Estimate, rows: number, cols: number): void {
  demandMatrix(what, value, rows, cols);
  if (!stderr) return;
  demandMatrix(`standard error of ${what}`, stderr, rows, cols);
  demandNotNegative(`standard error of ${what}`, stderr.data);
}

function demandNumbers({ orderParameters, diagnostics }: LearnerResult): void {
  for (const [name, estimate] of Object.entries(orderParameters)) {
    demandEstimate(name, estimate, estimate.value.rows, estimate.value.cols);
  }
  for (const [name, { value, stderr }] of Object.entries(diagnostics)) {
    demandFinite(`diagnostic ${name}`, [value]);
    if (stderr !== undefined) demandNotNegative(`standard error of ${name}`, Float64Array.of(stderr));
  }
}

function demandParameters(all: readonly Parameters[], { architecture, train }: Problem): void {
  demand(all.length > 0, 'there are no final parameters, expected those of each chain');
  const gates = train.gates.map(({ cols }) => cols);
  const shapes = architecture.shapes({ inputs: train.X.cols, gates, outputs: train.Y.cols });
  const expected = Object.keys(shapes).sort().join(', ');
  for (const parameters of all) {
    const found = Object.keys(parameters).sort().join(', ');
    demand(found === expected, `parameters are ${found}, expected ${expected}`);
    for (const [name, shape] of Object.entries(shapes)) {
      const size = shape.reduce((a, b) => a * b, 1);
      demand(parameters[name].length === size, `${name} has ${parameters[name].length} numbers, expected ${size}`);
      demandFinite(name, parameters[name]);
    }
  }
}

function demandSnapshots(snapshots: readonly LearnerSnapshot[]): void {
  demand(snapshots.length > 0, 'there are no snapshots, expected at least one before the end');
  snapshots.forEach(({ step, total, scalars }, i) => {
    const last = i === 0 ? Number.NEGATIVE_INFINITY : snapshots[i - 1].step;
    demand(step > last && step >= 0, `snapshot ${i} is of step ${step}, expected more than ${last}`);
    demand(step <= total, `snapshot ${i} is of step ${step}, expected at most the total of ${total}`);
    for (const [name, value] of Object.entries(scalars)) demandFinite(`snapshot ${i}, ${name}`, [value]);
  });
}

function demandSameResult(found: LearnerResult, expected: LearnerResult): void {
  demandSameBits('mean of another run', found.predictor.mean.value.data, expected.predictor.mean.value.data);
  demandSameBits(
    'variance of another run',
    found.predictor.variance.value.data,
    expected.predictor.variance.value.data,
  );
  for (const [name, { value }] of Object.entries(expected.orderParameters)) {
    demandSameBits(`${name} of another run`, found.orderParameters[name].value.data, value.data);
  }
  expected.parameters.forEach((parameters, chain) => {
    for (const [name, values] of Object.entries(parameters)) {
      demandSameBits(`${name} of another run`, found.parameters[chain][name], values);
    }
  });
}
