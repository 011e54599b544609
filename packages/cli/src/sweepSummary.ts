import { relative } from 'node:path';
import type { CostEstimate, ExperimentResult } from '@ggdln/experiments';
import { placeOf } from './runReporter.ts';

/** More failures than this are for failures.csv to tell. */
const MOST_FAILURES = 10;
/** More comparisons than this are for comparison.csv to tell. */
const MOST_NOTES = 6;

/** What the rest of a sweep is thought to cost, in words. */
export function describeEstimate({ measured, left, seconds, work, bytes }: CostEstimate): string {
  const shares = work.map(({ source, seconds: own }) => `${source} ${describeDuration(own)}`).join(', ');
  const total = describeDuration(work.reduce((sum, { seconds: own }) => sum + own, 0));
  const time = seconds === undefined ? `${total} of work` : `about ${describeDuration(seconds)}`;
  return (
    `Estimate, from ${measured} points: ${time} for the other ${left} (work: ${shares}); ` +
    `data, kernels and weights of one point take about ${describeBytes(bytes)}`
  );
}

/** The text that ends `ggdln sweep`: counts, failures, where the files are. */
export function describeSweep(result: ExperimentResult, out: string, files: readonly string[], cwd: string): string {
  const { total, computed, reused, failed } = result.counts;
  const counts = [`${computed} computed`, `${reused} from before`, ...(failed > 0 ? [`${failed} failed`] : [])];
  const shown = result.failures.slice(0, MOST_FAILURES);
  const lines = [
    `${total} points: ${counts.join(', ')}`,
    ...shown.map(({ point, error }) => `  ✗ ${placeOf(point)}  ${error.message}`),
    ...(failed > shown.length ? [`  … and ${failed - shown.length} more`] : []),
    ...(failed > 0 ? ['Failures are in failures.csv; --retry-failed tries them again'] : []),
    ...result.notes.slice(0, MOST_NOTES).map((note) => `  ${note}`),
    ...(result.notes.length > MOST_NOTES ? [`  … and ${result.notes.length - MOST_NOTES} more in comparison.csv`] : []),
    `Written to ${relative(cwd, out) || '.'}: ${files.map((file) => relative(out, file)).join(', ')}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Seconds for people: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function describeDuration(seconds: number): string {
  if (seconds < 9.95) return `${Math.max(0.1, seconds).toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** Bytes for people: `800 B`, `3.2 MB`. */
export function describeBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}
