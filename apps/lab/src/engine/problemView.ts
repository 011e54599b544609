import type { Matrix, ProblemView } from '@ggdln/core';
import type { PlannedPoint, PreparedProblem } from '@ggdln/experiments';

/** Rows that pictures get; tables of larger sets are for files. */
const MOST_ROWS = 600;

/** What pictures need of a problem: its data and gates, cut to their first rows. */
export function viewProblem(
  { problem, gatingStates, provenance }: PreparedProblem,
  { dataset }: PlannedPoint['settings'],
): ProblemView {
  const { train, test, gateNames } = problem;
  const image = imageShape(train.X.cols, provenance.image, dataset.options.pixels);
  return {
    trainX: firstRows(train.X),
    trainY: firstRows(train.Y),
    testX: firstRows(test.X),
    testY: firstRows(test.Y),
    trainGates: train.gates.map(firstRows),
    testGates: test.gates.map(firstRows),
    gateNames,
    gatingStates,
    trainSize: train.X.rows,
    testSize: test.X.rows,
    provenance,
    ...(image ? { image } : {}),
  };
}

/** What of a problem isn't that of the first point; `undefined` where they are the same. */
export function otherProblem(
  prepared: PreparedProblem,
  settings: PlannedPoint['settings'],
  first: PreparedProblem,
): Partial<ProblemView> | undefined {
  const view = viewProblem(prepared, settings);
  const [own, its] = [prepared.problem.train, first.problem.train];
  // Data and gates that points share are made once for them.
  if (own.X !== its.X) return view;
  const sameGates = own.gates.length === its.gates.length && own.gates.every((gates, i) => gates === its.gates[i]);
  if (sameGates) return undefined;
  const { trainGates, testGates, gateNames, gatingStates } = view;
  return { trainGates, testGates, gateNames, gatingStates };
}

function firstRows({ rows, cols, data }: Matrix): Matrix {
  const kept = Math.min(rows, MOST_ROWS);
  return { rows: kept, cols, data: data.slice(0, kept * cols) };
}

/** Datasets of images say their height and width, or have their side as the option `pixels`. */
function imageShape(inputs: number, told: unknown, side: unknown): readonly [number, number] | undefined {
  if (Array.isArray(told) && told.length === 2 && told[0] * told[1] === inputs) return [told[0], told[1]];
  return typeof side === 'number' && side * side === inputs ? [side, side] : undefined;
}
