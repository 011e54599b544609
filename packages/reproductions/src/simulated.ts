import type { Row, Table } from '@ggdln/core';
import { between, type Check } from './checks.ts';

/** What the theory page promises: simulations within a few percent of theory once N is about 50. */
const FEW_PERCENT = 5;

/** Below this width deviations of order D/N are larger than that. */
const WIDE = 50;

export interface NearOptions {
  /** Column of the width, if it is swept; all rows count if not. */
  readonly axis?: string;
  /** Default bias and variance. */
  readonly metrics?: readonly string[];
  /** Default 5. */
  readonly percent?: number;
  /** The narrowest width that counts. Default 50. */
  readonly from?: number;
}

/**
 * For each source and metric of a comparison table, the largest relative difference between simulation and theory where
 * networks are wide: corrections to the saddle point are O(1/N), so that it is not zero within sampling errors.
 * @param comparison From `runExperiment`.
 */
export function simulationNearTheory(
  comparison: Table,
  { axis, metrics = ['bias', 'variance'], percent = FEW_PERCENT, from = WIDE }: NearOptions = {},
): Check[] {
  const rows = comparison.rows.filter(
    (row) =>
      row.theoryRole === 'theory' &&
      row.role !== 'gradient-descent' &&
      metrics.includes(String(row.metric)) &&
      (axis === undefined || Number(row[axis]) >= from),
  );
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = `${row.metric}, ${row.source} against ${row.theory}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups].map(([what, members]) => {
    const worst = members.reduce((a, b) => (distance(b) > distance(a) ? b : a));
    const stderr = typeof worst.stderr === 'number' ? (100 * worst.stderr) / Math.abs(Number(worst.theoryValue)) : null;
    const where = axis === undefined ? '' : `, N ≥ ${from}`;
    // Noise alone may add three standard errors.
    const allowed = percent + 3 * (stderr ?? 0);
    return between(`${what}${where}: largest difference in %`, { value: distance(worst), stderr }, 0, allowed);
  });
}

/**
 * What the saddle point leaves out is O(1/N): N·(simulation − theory) at two widths, as a ratio; 1 if it falls like 1/N.
 * Passes where the power of 1/N lies between ½ and 3/2, up to three standard errors.
 * @param axis Column of the width. @param widths The narrower one first.
 */
export function fallsLikeInverseWidth(
  comparison: Table,
  axis: string,
  widths: readonly [number, number],
  metric: string,
): Check {
  const at = (width: number) => {
    const rows = comparison.rows.filter(
      (row) => row[axis] === width && row.metric === metric && row.theoryRole === 'theory',
    );
    const difference = rows.reduce((sum, row) => sum + Number(row.difference), 0) / rows.length;
    const stderr = Math.hypot(...rows.map((row) => Number(row.stderr ?? 0))) / rows.length;
    return { value: width * difference, stderr: width * stderr };
  };
  const [narrow, wide] = widths.map(at);
  const ratio = narrow.value / wide.value;
  const stderr = Math.abs(ratio) * Math.hypot(narrow.stderr / narrow.value, wide.stderr / wide.value);
  const what = `N·(simulation − theory) of the ${metric}: N = ${widths[0]} over N = ${widths[1]}`;
  const root = Math.sqrt(widths[1] / widths[0]);
  return between(what, { value: ratio, stderr }, 1 / root - 3 * stderr, root + 3 * stderr);
}

const distance = (row: Row): number => Math.abs(Number(row.relativePercent));
