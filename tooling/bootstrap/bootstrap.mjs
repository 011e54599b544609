// What `npm start`, `npm test` and `npm run ggdln` share: from a bare clone to an installed, built checkout.
// Plain JavaScript without dependencies, in syntax that an old Node still parses far enough to say that it is too old.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const PNPM = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager;
const UNREACHABLE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_PNPM_META_FETCH_FAIL|ERR_SOCKET_TIMEOUT/;

/** Ends with a message when Node is older than `engines` asks for. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(
    `ggdln needs Node 20.19 or later; this is ${process.versions.node}.\nInstall a current Node (https://nodejs.org) and run the same command again.`,
  );
}

/** Prints a message to standard error and ends with code 1. */
export function fail(message) {
  process.stderr.write(`\n${message}\n`);
  process.exit(1);
}

/** Runs a command; resolves to { code, output }. With `show`, its output goes to this terminal as it comes. */
export function execute(command, args, { show = false, env = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-200_000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', (error) => resolve({ code: 1, output: `${output}\n${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Runs pnpm at the pinned version, without a global install. */
export function pnpm(args, options) {
  // CI=true: pnpm must never wait for an answer.
  return execute('npx', ['--yes', PNPM, ...args], {
    ...options,
    env: { CI: 'true', npm_config_loglevel: 'error', ...options?.env },
  });
}

/** Runs one named step with a live clock on a terminal; ends with the tail of its output if it fails. */
export async function step(title, work) {
  const started = Date.now();
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(0)} s`;
  const clock = process.stderr.isTTY
    ? setInterval(() => process.stderr.write(`\r  … ${title}  ${seconds()} `), 500)
    : undefined;
  const result = await work();
  clearInterval(clock);
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[2K');
  if (result.code !== 0) {
    process.stderr.write(`${result.output.trimEnd().split('\n').slice(-60).join('\n')}\n`);
    fail(explain(title, result.output));
  }
  process.stderr.write(`  ✓ ${title}  ${seconds()}\n`);
  return result;
}

function explain(title, output) {
  if (UNREACHABLE.test(output)) {
    return `✗ ${title}: the npm registry could not be reached.\nCheck the network and \`npm config get registry\`, then run the same command again; finished steps are not repeated.`;
  }
  return `✗ ${title} failed; its last lines are above.`;
}

/** Installs the locked dependencies, unless the last install was of this same lockfile. */
export async function install() {
  const wanted = stampOf(['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests()]);
  if (readStamp('install') === wanted) return;
  await step('install packages (locked versions)', () => pnpm(['install', '--frozen-lockfile', '--prefer-offline']));
  writeStamp('install', wanted);
}

/** Builds every package, unless nothing changed since the last build. */
export async function build() {
  const wanted = stampOf([...manifests(), ...sources()]);
  if (readStamp('build') === wanted && existsSync(join(root, 'packages/cli/dist/bin.js'))) return;
  await step('build', () => pnpm(['run', 'build']));
  writeStamp('build', wanted);
}

function manifests() {
  return readdirSync(join(root, 'packages')).flatMap((name) => {
    const files = ['package.json', 'tsconfig.build.json'].map((file) => `packages/${name}/${file}`);
    return files.filter((file) => existsSync(join(root, file)));
  });
}

function sources() {
  const walk = (folder) =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? walk(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
    );
  return readdirSync(join(root, 'packages'))
    .filter((name) => existsSync(join(root, 'packages', name, 'src')))
    .flatMap((name) => walk(`packages/${name}/src`));
}

/** Sizes and times of source files are enough to see a change and cost nothing; lockfiles are hashed whole. */
function stampOf(files) {
  const hash = createHash('sha256').update(process.version);
  for (const file of files) {
    const path = join(root, file);
    if (/\.(ya?ml|json)$/.test(file)) hash.update(file).update(readFileSync(path));
    else {
      const { size, mtimeMs } = statSync(path);
      hash.update(`${file} ${size} ${mtimeMs}`);
    }
  }
  return hash.digest('hex');
}

const stampPath = (name) => join(root, 'node_modules', '.ggdln', name);

function readStamp(name) {
  return existsSync(stampPath(name)) ? readFileSync(stampPath(name), 'utf8') : undefined;
}

function writeStamp(name, value) {
  mkdirSync(dirname(stampPath(name)), { recursive: true });
  writeFileSync(stampPath(name), value);
}
