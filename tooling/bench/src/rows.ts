import { UsageError } from './arguments.ts';
import type { Row } from './job.ts';

const KEYS = ['job', 'size', 'backend', 'threads', 'unit', 'ours', 'peer', 'peerName', 'ratio', 'floor'];

/**
 * Rows of earlier runs; where two files have the same comparison, the later one counts.
 * @param files Name and text of each. @throws UsageError naming a file that holds something else.
 */
export function readRows(files: readonly (readonly [string, string])[]): Row[] {
  const rows = new Map<string, Row>();
  for (const [file, text] of files) {
    for (const row of parseRows(file, text)) {
      rows.set([row.job, row.size, row.threads, row.unit, row.peerName].join(' '), row);
    }
  }
  return [...rows.values()];
}

function parseRows(file: string, text: string): Row[] {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw new UsageError(`${file} is not JSON; give a file that --json wrote`);
  }
  const fits = (row: unknown) => typeof row === 'object' && row !== null && KEYS.every((key) => key in row);
  if (Array.isArray(found) && found.every(fits)) return found as Row[];
  throw new UsageError(`${file} is not an array of rows {${KEYS.join(', ')}}; give a file that --json wrote`);
}
