import type { Row, Table, TheoryAccuracy } from '@ggdln/core';

/** Beyond this many standard errors a difference is worth a sentence. */
const LARGE = 3;
const LOOK_AT = 'look at R̂, the effective sample size and the step size';
const WIDTH = 'architecture.width';
/** Axes differ from run to run; these columns are the comparison's own. */
const ownColumns: readonly string[] = [
  ...['source', 'role', 'theory', 'theoryRole', 'metric', 'value', 'theoryValue', 'difference', 'relativePercent'],
  ...['stderr', 'z'],
];

/**
 * What the comparison says, in sentences made from its numbers: one for each sampler (gradient descent is none), theory
 * of finite width and metric (bias, variance). Most theories are exact as N → ∞ at fixed P/N with corrections O(1/N)
 * (theory page ggdln, section 10), so large z at small N are expected as long as N times the difference stays bounded;
 * where several widths were run the sentence says so.
 * @param comparison From `compareSources`.
 * @param accuracyOf How near a theory of the experiment, by name, should come; default `wide`.
 */
export function agreementNotes(
  comparison: Table,
  accuracyOf: (theory: string) => TheoryAccuracy | undefined = () => undefined,
): string[] {
  const axes = comparison.columns.filter((column) => !ownColumns.includes(column) && column !== WIDTH);
  const groups = new Map<string, Row[]>();
  for (const row of comparison.rows) {
    if (row.theoryRole !== 'theory' || row.role === 'gradient-descent' || typeof row.z !== 'number') continue;
    if (row.metric !== 'bias' && row.metric !== 'variance') continue;
    const place = axes.filter((axis) => row[axis] !== null).map((axis) => `${axis} = ${row[axis]}`);
    const key = [`${row.source} against ${row.theory}`, row.metric, ...place].join(', ');
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups].map(([what, rows]) => `${what}: ${judge(rows, accuracyOf(String(rows[0].theory)) ?? 'wide')}`);
}

function judge(rows: readonly Row[], accuracy: TheoryAccuracy): string {
  const worst = rows.reduce((a, b) => (Math.abs(Number(b.z)) > Math.abs(Number(a.z)) ? b : a));
  const z = Number(worst.z);
  if (Math.abs(z) <= LARGE) {
    const where = rows.length === 1 ? '' : ` at all ${rows.length} places`;
    return `agree within ${LARGE} standard errors${where} (largest |z| = ${Math.abs(z).toFixed(1)}).`;
  }
  const relative = worst.relativePercent === null ? '' : ` (${signed(Number(worst.relativePercent))} %)`;
  const at = typeof worst[WIDTH] === 'number' ? ` at N = ${worst[WIDTH]}` : '';
  const found = `z = ${signed(z)}${at}, a difference of ${signed(Number(worst.difference))}${relative}.`;
  return [found, explain(rows, accuracy)].filter((text) => text !== '').join(' ');
}

/** N × difference and its standard error at one width. */
interface Scaled {
  readonly width: number;
  readonly value: number;
  readonly stderr: number;
}

/** What a difference may come from, as far as the theory's accuracy and the widths that were run tell. */
function explain(rows: readonly Row[], accuracy: TheoryAccuracy): string {
  switch (accuracy) {
    case 'heuristic':
      return 'The theory is a heuristic, whose own error no width takes away.';
    case 'exact':
      return `The theory is exact at every width, so the sampling is off or its errors too small: ${LOOK_AT}.`;
    case 'wide':
      return explainByWidth(rows);
  }
}

/** Corrections of order 1/N keep N × difference bounded; what matters is the wide end, where higher orders are small. */
function explainByWidth(rows: readonly Row[]): string {
  const scaled = rows
    .flatMap((row): Scaled[] => {
      const width = row[WIDTH];
      if (typeof width !== 'number') return [];
      return [{ width, value: width * Number(row.difference), stderr: width * Number(row.stderr) }];
    })
    .sort((a, b) => a.width - b.width);
  const [before, last] = scaled.slice(-2);
  if (!last) return '';
  const numbers = scaled.map(({ value, stderr }) => `${signed(value)} ± ${stderr.toPrecision(1)}`).join(', ');
  const law = `N × difference is ${numbers} at N = ${scaled.map(({ width }) => width).join(', ')}`;
  if (!grows(before, last)) return `${law}: ${trend(rows)}`;
  return (
    `${law}: it grows, so this is no plain 1/N correction. Either higher orders matter at N = ${before.width}, or the ` +
    `sampling is off: ${LOOK_AT}.`
  );
}

/** How the difference itself moves from the narrowest to the widest network. */
function trend(rows: readonly Row[]): string {
  const sorted = [...rows].sort((a, b) => Number(a[WIDTH]) - Number(b[WIDTH]));
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  const falls = sorted.length > 1 && Math.abs(Number(last.difference)) < Math.abs(Number(first.difference));
  const path = falls
    ? `the difference falls from ${signed(Number(first.difference))} to ${signed(Number(last.difference))}. `
    : '';
  return `${path}Compatible with the theory's finite-width corrections, of order 1/N once N is large against P and M.`;
}

function grows(before: Scaled, last: Scaled): boolean {
  const [small, large] = [Math.abs(before.value), Math.abs(last.value)];
  return large > 1.5 * small && large - small > LARGE * Math.hypot(before.stderr, last.stderr);
}

/** Two significant digits with a sign. */
function signed(value: number): string {
  const text = Math.abs(value) >= 100 ? Math.abs(value).toFixed(0) : Math.abs(value).toPrecision(2);
  return `${value < 0 ? '−' : '+'}${text}`;
}
