import type { FuzzReport } from './fuzz.ts';

/** One line a reader: what was fed to it and what came of it. */
export function describeReport(report: FuzzReport): string {
  const { target, inputs, accepted, slowestMs, mostAllocated, findings } = report;
  const mebibytes = (mostAllocated / 2 ** 20).toFixed(1);
  const numbers = `${inputs} inputs, ${accepted} accepted, ${findings.length} findings`;
  return `${target}: ${numbers}, slowest ${slowestMs.toFixed(0)} ms, at most ${mebibytes} MiB of arrays`;
}
