import { inputError, unknownNameError } from '@ggdln/core';
import type { Command, Session } from '../command.ts';
import type { Arguments, Flag } from '../flags.ts';
import { compareFolders } from '../store/compareFolders.ts';
import { exportRuns } from '../store/exportRuns.ts';
import { listRuns } from '../store/listRuns.ts';
import { pruneRuns } from '../store/pruneRuns.ts';
import { showRun } from '../store/showRun.ts';

const ACTIONS: Readonly<
  Record<string, (folders: readonly string[], args: Arguments, session: Session) => Promise<number>>
> = { list: listRuns, show: showRun, compare: compareFolders, prune: pruneRuns, export: exportRuns };

const FLAGS: readonly Flag[] = [
  { name: 'out', value: 'FILE', help: 'export: where to, by its ending .csv, .json, .npz or .parquet' },
  { name: 'failures', help: 'prune: forget kept failures too, so that their points are tried again' },
  { name: 'yes', help: 'prune: delete; without it, only say what would be' },
];

/** `ggdln runs`: what folders of results hold. */
export const runsCommand: Command = {
  name: 'runs',
  usage: 'runs list|show|compare|prune|export [DIR…]',
  summary: 'List, show, compare, clear up and export folders of results',
  description:
    'list [DIR…]     the runs in some folders (default: runs), with how far they are\n' +
    'show DIR        one run: what it is to compute, what is there, what failed, what is damaged (all checksums are read)\n' +
    'compare A B     two runs, number by number, and how their experiments differ\n' +
    'prune DIR…      what is of no use any more: points of earlier versions, damaged ones, files of killed processes\n' +
    'export DIR…     the points that are there, also of a run that goes on, as one table (with several: a column `run`)',
  flags: () => FLAGS,
  run: async (args, session) => {
    const [action, ...folders] = args.positionals;
    const names = Object.keys(ACTIONS);
    if (action === undefined)
      throw inputError('ggdln runs', 'nothing to do is named', `Say one of: ${names.join(', ')}`);
    if (!names.includes(action)) throw unknownNameError('ggdln runs', 'action', action, names);
    return ACTIONS[action](folders, args, session);
  },
};
