import { createRandom, type PointView, type ProblemView, type RunView } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { sampleMatrix } from './samples.ts';

/**
 * A finished run for panels to draw: a theory and a sampler at three widths, 4 test inputs, 3 gates, with histories,
 * predictors and order parameters.
 */
export function sampleRunView(seed = 1): RunView {
  const points = [20, 60, 200].flatMap((width) => [
    samplePoint('ggdln', 'theory', width, seed),
    samplePoint('block-gibbs', 'exact-sampling', width, seed),
  ]);
  return {
    spec: {},
    title: 'A sample run',
    axis: { column: 'architecture.width', label: 'width N', scale: 'log' },
    metrics: [{ metric: 'error', title: 'Error', label: 'error' }],
    rows: points.flatMap(({ axes, source, role, metrics }) =>
      metrics.map(({ metric, value, stderr }) => ({ ...axes, source, role, metric, value, stderr })),
    ),
    points,
    problem: sampleProblemView(seed),
    arrays: {},
    diagnostics: {},
    status: 'done',
    snapshot: { index: 0, count: 1, live: true },
    warnings: [],
  };
}

/** What a panel is shown before anything was run. */
export function emptyRunView(): RunView {
  return {
    ...sampleRunView(),
    rows: [],
    points: [],
    problem: undefined,
    status: 'empty',
    snapshot: { index: 0, count: 0, live: true },
  };
}

function samplePoint(source: string, role: PointView['role'], width: number, seed: number): PointView {
  const rng = createRandom(seed).stream(`${source} ${width}`);
  const stderr = role === 'theory' ? null : 0.01;
  const error = 0.2 + 2 / width + 0.01 * rng.gaussian();
  const half = sampleMatrix(rng, 3, 3);
  const U = matrix(3, 3);
  for (let i = 0; i < 9; i++) {
    for (let k = 0; k < 3; k++) U.data[i] += half.data[3 * Math.floor(i / 3) + k] * half.data[3 * (i % 3) + k];
  }
  const mean = sampleMatrix(rng, 4, 1);
  const variance = matrix(
    4,
    1,
    mean.data.map((value) => 0.1 + value ** 2),
  );
  return {
    id: `${source}-${width}`,
    source,
    role,
    axes: { 'architecture.width': width },
    status: 'done',
    step: 2,
    total: 2,
    provisional: false,
    metrics: [{ metric: 'error', value: error, stderr }],
    arrays: { mean, variance, target: sampleMatrix(rng, 4, 1), U1: U },
    diagnostics: {},
    history: { steps: [1, 2], values: { error: [null, error] }, stderrs: { error: [null, stderr] } },
  };
}

function sampleProblemView(seed: number): ProblemView {
  const rng = createRandom(seed).stream('view');
  const signs = (rows: number) => {
    const { cols, data } = sampleMatrix(rng, rows, 3);
    return matrix(
      rows,
      cols,
      data.map((x) => (x > 0 ? 1 : 0)),
    );
  };
  return {
    trainX: sampleMatrix(rng, 6, 2),
    trainY: sampleMatrix(rng, 6, 1),
    testX: sampleMatrix(rng, 4, 2),
    testY: sampleMatrix(rng, 4, 1),
    trainGates: [signs(6)],
    testGates: [signs(4)],
    gateNames: [['gate 1', 'gate 2', 'gate 3']],
    gatingStates: [{}],
    trainSize: 6,
    testSize: 4,
    provenance: { dataset: 'sample' },
  };
}
