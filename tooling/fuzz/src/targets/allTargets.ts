import type { FuzzTarget } from '../target.ts';
import { npzTarget, tarTarget } from './archives.ts';
import { cifarTargets, idxTarget, npyTarget } from './arrays.ts';
import { linkTarget } from './links.ts';
import { csvTarget, numericCsvTarget, specTarget } from './texts.ts';

/** Every reader that is fuzzed. */
export const allTargets: readonly FuzzTarget[] = [
  idxTarget,
  ...cifarTargets,
  npyTarget,
  npzTarget,
  tarTarget,
  csvTarget,
  numericCsvTarget,
  specTarget,
  linkTarget,
];
