import { readFileSync, writeFileSync } from 'node:fs';

/** Gzipped bytes by import, e.g. `{ "@ggdln/core": { "createRandom": 2900 } }`. */
export type Budget = Record<string, Record<string, number>>;

/** A bundle may exceed its budget by this fraction. */
export const TOLERANCE = 0.05;

const file = new URL('../sizes.json', import.meta.url);

export function readBudget(): Budget {
  return JSON.parse(readFileSync(file, 'utf8')) as Budget;
}

export function writeBudget(budget: Budget): void {
  writeFileSync(file, `${JSON.stringify(budget, undefined, 2)}\n`);
}

/** What is wrong with a size, and what to do; `undefined` when it is within its budget. */
export function excess(from: string, name: string, gzip: number, budget: Budget): string | undefined {
  const allowed = budget[from]?.[name];
  const remedy = 'If that is meant, run `npm run sizes` and commit tooling/sizes/sizes.json';
  if (allowed === undefined) return `{ ${name} } from ${from} has no budget. ${remedy}.`;
  if (gzip <= allowed * (1 + TOLERANCE)) return undefined;
  const percent = (100 * (gzip / allowed - 1)).toFixed(1);
  return `{ ${name} } from ${from} is ${gzip} bytes after gzip, ${percent} % over its budget of ${allowed}. ${remedy}.`;
}
