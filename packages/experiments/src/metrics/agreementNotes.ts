import type { Row, Table } from '@ggdln/core';

/** Beyond this many standard errors a difference is worth a sentence. */
const LARGE = 3;
/** Beyond this many it counts as seen at all, and enters the fit of its fall. */
const SEEN = 2;
const WIDTH = 'architecture.width';
/** Axes differ from run to run; these columns are the comparison's own. */
const ownColumns: readonly string[] = [
  ...['source', 'role', 'theory', 'theoryRole', 'metric', 'value', 'theoryValue', 'difference', 'relativePercent'],
  ...['stderr', 'z'],
];

/**
 * What the comparison says, in sentences made from its numbers: one for each sampler, theory of finite width and
 * metric (bias, variance). The theories are exact as N → ∞ at fixed P/N with corrections O(1/N) (theory page ggdln,
 * section 10), so large z at small N are expected if the differences fall like 1/N; whether they do is fitted.
 * @param comparison From `compareSources`.
 */
export function agreementNotes(comparison: Table): string[] {
  const axes = comparison.columns.filter((column) => !ownColumns.includes(column) && column !== WIDTH);
  const groups = new Map<string, Row[]>();
  for (const row of comparison.rows) {
    if (row.theoryRole !== 'theory' || typeof row.z !== 'number') continue;
    if (row.metric !== 'bias' && row.metric !== 'variance') continue;
    const place = axes.filter((axis) => row[axis] !== null).map((axis) => `${axis} = ${row[axis]}`);
    const key = [`${row.source} against ${row.theory}`, row.metric, ...place].join(', ');
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups].map(([what, rows]) => `${what}: ${judge(rows)}`);
}

function judge(rows: readonly Row[]): string {
  const worst = rows.reduce((a, b) => (Math.abs(Number(b.z)) > Math.abs(Number(a.z)) ? b : a));
  const z = Number(worst.z);
  if (Math.abs(z) <= LARGE) {
    const where = rows.length === 1 ? '' : ` at all ${rows.length} places`;
    return `agree within ${LARGE} standard errors${where} (largest |z| = ${Math.abs(z).toFixed(1)}).`;
  }
  const relative = worst.relativePercent === null ? '' : ` (${signed(Number(worst.relativePercent), 1)} %)`;
  const at = typeof worst[WIDTH] === 'number' ? ` at N = ${worst[WIDTH]}` : '';
  return `z = ${signed(z, 1)}${at}, a difference of ${signed(Number(worst.difference), 4)}${relative}. ${explain(rows)}`;
}

function explain(rows: readonly Row[]): string {
  const general = "The theory's finite-width corrections are O(1/N)";
  const fall = fitFall(rows.filter((row) => typeof row[WIDTH] === 'number' && Math.abs(Number(row.z)) > SEEN));
  if (!fall) return `${general}; more widths would show whether this difference is one.`;
  const { exponent, stderr, from, to } = fall;
  const law = `N^${(-exponent).toFixed(2)} ± ${stderr.toFixed(2)} from N = ${from} to ${to}`;
  if (Math.abs(exponent - 1) <= Math.max(0.35, 2 * stderr)) {
    return `The difference falls like 1/N (${law}): ${general.replace('The', 'the')}.`;
  }
  return (
    `The difference goes as ${law}, not as 1/N, so finite width alone doesn't explain it: ` +
    'look at R̂, the effective sample size and the step size.'
  );
}

interface Fall {
  readonly exponent: number;
  readonly stderr: number;
  readonly from: number;
  readonly to: number;
}

/** Weighted least squares of log |difference| on log N; the error of log |d| is stderr / |d| = 1 / |z|. */
function fitFall(rows: readonly Row[]): Fall | undefined {
  const widths = rows.map((row) => Number(row[WIDTH]));
  const signs = new Set(rows.map((row) => Math.sign(Number(row.z))));
  if (new Set(widths).size < 2 || signs.size > 1) return undefined;
  const points = rows.map((row, i) => ({
    x: Math.log(widths[i]),
    y: Math.log(Math.abs(Number(row.difference))),
    weight: Number(row.z) ** 2,
  }));
  const total = points.reduce((sum, { weight }) => sum + weight, 0);
  const mean = (of: 'x' | 'y') => points.reduce((sum, point) => sum + point.weight * point[of], 0) / total;
  const [x, y] = [mean('x'), mean('y')];
  const spread = points.reduce((sum, point) => sum + point.weight * (point.x - x) ** 2, 0);
  const slope = points.reduce((sum, point) => sum + point.weight * (point.x - x) * (point.y - y), 0) / spread;
  return { exponent: -slope, stderr: 1 / Math.sqrt(spread), from: Math.min(...widths), to: Math.max(...widths) };
}

function signed(value: number, digits: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
}
