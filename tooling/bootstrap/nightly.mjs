// `npm run nightly`: the long tests and every figure of the papers. Goes on after a failure and ends with 1 if there was one.
import { build, execute, install, pnpm, requireNode, root } from './bootstrap.mjs';

requireNode();
const started = Date.now();
await install();
await build();

const parts = [
  ['long tests', () => pnpm(['exec', 'vitest', 'run', '--config', 'vitest.nightly.config.ts'], { show: true })],
  [
    'reproduce all',
    () => execute(process.execPath, [`${root}/packages/cli/dist/bin.js`, 'reproduce', 'all'], { show: true }),
  ],
];

const lines = [];
for (const [title, work] of parts) {
  process.stderr.write(`\n  ${title}\n`);
  const began = Date.now();
  const { code } = await work();
  lines.push({ failed: code !== 0, text: `${code === 0 ? '✓' : '✗'} ${title}  ${minutes(began)} min` });
}

const failed = lines.filter((line) => line.failed).length;
process.stdout.write(`\n${lines.map((line) => line.text).join('\n')}\n`);
process.stdout.write(`nightly: ${lines.length - failed} passed, ${failed} failed in ${minutes(started)} min\n`);
process.exit(failed === 0 ? 0 : 1);

function minutes(since) {
  return ((Date.now() - since) / 60_000).toFixed(1);
}
