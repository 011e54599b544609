// `pnpm check`: the packages as published. Every public package is checked as its tarball would be.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute, root } from '../bootstrap/bootstrap.mjs';

const bin = (name) => join(root, 'node_modules', '.bin', name);
const packages = readdirSync(join(root, 'packages'))
  .map((name) => join('packages', name))
  .filter((folder) => existsSync(join(root, folder, 'package.json')))
  .map((folder) => ({ folder, ...JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) }))
  .filter((manifest) => !manifest.private);
const tarballs = mkdtempSync(join(tmpdir(), 'ggdln-check-'));

const alone = [
  ['knip', bin('knip'), ['--no-progress', '--treat-config-hints-as-errors']],
  ['sherif', bin('sherif'), []],
];
// All in one process: each start of npm costs more than packing does.
const packing = [
  ['npm pack', 'npm', ['pack', ...packages.map(({ folder }) => `./${folder}`), '--pack-destination', tarballs]],
];
const jobs = packages.flatMap(packageJobs);

/** As many at a time as most machines have cores at least. */
const AT_A_TIME = 2;

let failed = 0;
await Promise.all([takeJobs(alone), takeJobs(packing)]);
const waiting = [...jobs];
await Promise.all(Array.from({ length: AT_A_TIME }, () => takeJobs(waiting)));
rmSync(tarballs, { recursive: true, force: true });
const count = alone.length + packing.length + jobs.length;
process.stdout.write(failed === 0 ? `${count} checks passed\n` : `${failed} of ${count} checks failed\n`);
process.exit(failed === 0 ? 0 : 1);

async function takeJobs(waiting) {
  for (let job = waiting.shift(); job; job = waiting.shift()) {
    const [title, command, args] = job;
    const { code, output } = await execute(command, args);
    if (code === 0) continue;
    failed++;
    process.stdout.write(`✗ ${title}\n${output}\n`);
  }
}

function packageJobs({ folder, name, version }) {
  const missing = ['README.md', 'LICENSE'].filter((file) => !existsSync(join(root, folder, file)));
  const tarball = join(tarballs, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  return [
    ...missing.map((file) => [`${folder} has no ${file}`, process.execPath, ['-e', 'process.exit(1)']]),
    [`publint ${folder}`, bin('publint'), ['--strict', folder]],
    [`attw ${folder}`, bin('attw'), [tarball, '--profile', 'esm-only', '--no-emoji']],
  ];
}
