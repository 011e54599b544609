// `pnpm check`: the packages as published. Every public package is checked as its tarball would be.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execute, root } from '../bootstrap/bootstrap.mjs';

const bin = (name) => join(root, 'node_modules', '.bin', name);
const packages = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'package.json')),
);

const jobs = [
  ['sherif', bin('sherif'), []],
  ['knip', bin('knip'), ['--no-progress', '--treat-config-hints-as-errors']],
  ...packages.flatMap((name) => packageJobs(join('packages', name))),
];

/** As many at a time as most machines have cores at least. */
const AT_A_TIME = 2;

let failed = 0;
const waiting = [...jobs];
await Promise.all(Array.from({ length: AT_A_TIME }, takeJobs));
process.stdout.write(failed === 0 ? `${jobs.length} checks passed\n` : `${failed} of ${jobs.length} checks failed\n`);
process.exit(failed === 0 ? 0 : 1);

async function takeJobs() {
  for (let job = waiting.shift(); job; job = waiting.shift()) {
    const [title, command, args] = job;
    const { code, output } = await execute(command, args);
    if (code === 0) continue;
    failed++;
    process.stdout.write(`✗ ${title}\n${output}\n`);
  }
}

function packageJobs(folder) {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  if (manifest.private) return [];
  const missing = ['README.md', 'LICENSE'].filter((file) => !existsSync(join(root, folder, file)));
  return [
    ...missing.map((file) => [`${folder} has no ${file}`, process.execPath, ['-e', 'process.exit(1)']]),
    [`publint ${folder}`, bin('publint'), ['--strict', folder]],
    [`attw ${folder}`, bin('attw'), ['--pack', folder, '--profile', 'esm-only', '--no-emoji']],
  ];
}
