import type { Check } from '../checks.ts';
import type { Reproduction, ReproductionResult } from '../reproduction.ts';

/** A number with its standard error in the last digits, e.g. `0.817(2)`; four significant digits without one. */
export function withError(value: number, stderr: number | null): string {
  if (stderr === null || !(stderr > 0)) return Number(value.toPrecision(4)).toString();
  const decimals = Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(stderr))));
  return `${value.toFixed(decimals)}(${Math.round(stderr * 10 ** decimals)})`;
}

/** A check as a line of text: `✓ bias at N = 10: 1.01(2), expected …`. */
export function describeCheck({ what, expected, found, stderr, pass }: Check): string {
  return `${pass ? '✓' : '✗'} ${what}: ${withError(found, stderr)} (expected: ${expected})`;
}

/** How many checks pass, e.g. `14 of 14 checks pass`. */
export function countChecks(checks: readonly Check[]): string {
  return `${checks.filter(({ pass }) => pass).length} of ${checks.length} checks pass`;
}

/** A reproduction's report as Markdown: figures, checks, notes. @param footer Versions and settings. */
export function markdownReport(reproduction: Reproduction, result: ReproductionResult, footer: string): string {
  const { checks, figures, notes } = result;
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const rows = checks.map(({ what, expected, found, stderr, pass }) =>
    [pass ? 'pass' : '**FAIL**', cell(what), withError(found, stderr), cell(expected)].join(' | '),
  );
  return [
    `# ${reproduction.title}`,
    `${reproduction.summary}\n\nSource: ${reproduction.source}`,
    ...Object.keys(figures).map((name) => `![${name}](${name}.png)`),
    `## ${countChecks(checks)}`,
    ['| | what | found | expected |', '| --- | --- | --- | --- |', ...rows.map((row) => `| ${row} |`)].join('\n'),
    ...(notes.length > 0 ? ['## Notes', notes.map((note) => `- ${note}`).join('\n')] : []),
    footer,
  ].join('\n\n');
}
