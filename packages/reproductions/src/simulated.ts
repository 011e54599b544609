import type { Row, Table } from '@ggdln/core';
import { between, type Check } from './checks.ts';

/** What the theory page promises: simulations within a few percent of theory once N is about 50. */
const FEW_PERCENT = 5;

/** Below this width deviations of order D/N are larger than that. */
const WIDE = 50;

/**
 * For each source and metric of a comparison table, the largest relative difference between simulation and theory where
 * N ≥ 50: corrections to the saddle point are O(1/N), so that it is not zero within sampling errors.
 * @param comparison From `runExperiment`. @param axis Column of the width, if it is swept.
 */
export function simulationNearTheory(
  comparison: Table,
  axis?: string,
  metrics: readonly string[] = ['bias', 'variance'],
  percent: number = FEW_PERCENT,
): Check[] {
  const rows = comparison.rows.filter(
    (row) =>
      row.theoryRole === 'theory' &&
      row.role !== 'gradient-descent' &&
      metrics.includes(String(row.metric)) &&
      (axis === undefined || Number(row[axis]) >= WIDE),
  );
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = `${row.metric}, ${row.source} against ${row.theory}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups].map(([what, members]) => {
    const worst = members.reduce((a, b) => (distance(b) > distance(a) ? b : a));
    const stderr = typeof worst.stderr === 'number' ? (100 * worst.stderr) / Math.abs(Number(worst.theoryValue)) : null;
    const where = axis === undefined ? '' : `, N ≥ ${WIDE}`;
    // Noise alone may add three standard errors.
    const allowed = percent + 3 * (stderr ?? 0);
    return between(`${what}${where}: largest difference in %`, { value: distance(worst), stderr }, 0, allowed);
  });
}

const distance = (row: Row): number => Math.abs(Number(row.relativePercent));
