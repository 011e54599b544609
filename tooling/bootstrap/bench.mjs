// `npm run bench -- …`: every hot job beside its peer, from a checkout, on the packages as built.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { build, install, pnpm, requireNode, root, step } from './bootstrap.mjs';

requireNode();
await install();
await build();
rmSync(`${root}/tooling/bench/dist`, { recursive: true, force: true });
await step('compile the bench', () => pnpm(['--filter', '@ggdln-tooling/bench', 'run', 'compile']));
const child = spawn(
  process.execPath,
  [`${root}/tooling/bench/dist/tooling/bench/src/main.js`, ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
);
process.on('SIGINT', () => {});
child.on('close', (code) => process.exit(code ?? 130));
