import { createTable, GgdlnError, type Matrix, type Table } from '@ggdln/core';
import type { ExperimentResult, PointRecord } from '@ggdln/experiments';

/**
 * Bias, variance and generalisation error relative to the mean square of the test targets, as a table of the same form:
 * metrics `relative bias`, `relative variance`, `relative error`.
 */
export function relativeToTargets({ points, table }: ExperimentResult): Table {
  const names: Readonly<Record<string, string>> = {
    bias: 'relative bias',
    variance: 'relative variance',
    'generalisation error': 'relative error',
  };
  const rows = points.flatMap(({ axes, source, role, metrics, arrays }) => {
    const scale = meanSquare(arrays.target);
    return metrics
      .filter(({ metric }) => names[metric] !== undefined)
      .map(({ metric, value, stderr }) => ({
        ...axes,
        source,
        role,
        metric: names[metric],
        value: value / scale,
        stderr: stderr === null ? null : stderr / scale,
      }));
  });
  return createTable(rows, table.columns);
}

function meanSquare({ data }: Matrix): number {
  return data.reduce((sum, value) => sum + value * value, 0) / data.length;
}

/** The point of a source at a place. @throws GGDLN_INPUT if the experiment has none or several. */
export function pointAt(
  { points }: ExperimentResult,
  source: string,
  place: Readonly<Record<string, number>> = {},
): PointRecord {
  const found = points.filter(
    (point) => point.source === source && Object.entries(place).every(([axis, value]) => point.axes[axis] === value),
  );
  if (found.length === 1) return found[0];
  throw new GgdlnError({
    code: 'GGDLN_INPUT',
    where: '@ggdln/reproductions',
    problem: `${found.length} points of ${source} are at ${JSON.stringify(place)}`,
    remedy: 'Ask for a point that was planned',
  });
}

/** The mean over i ≠ j of U_ij/√(U_ii U_jj): what tasks or gates share. */
export function meanCorrelation(U: Matrix): number {
  let sum = 0;
  for (let i = 0; i < U.rows; i++) {
    for (let j = 0; j < U.rows; j++) {
      if (i !== j) sum += U.data[i * U.cols + j] / Math.sqrt(U.data[i * (U.cols + 1)] * U.data[j * (U.cols + 1)]);
    }
  }
  return sum / (U.rows * (U.rows - 1));
}
