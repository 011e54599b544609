// `npm run --silent ggdln -- …`: the ggdln command from a checkout. Standard output carries its output alone.
import { spawn } from 'node:child_process';
import { build, install, requireNode, root } from './bootstrap.mjs';

requireNode();
await install();
await build();
// Paths in the arguments are relative to where the user stands, which npm keeps in INIT_CWD.
const child = spawn(process.execPath, [`${root}/packages/cli/dist/bin.js`, ...process.argv.slice(2)], {
  cwd: process.env.INIT_CWD ?? process.cwd(),
  stdio: 'inherit',
});
// Ctrl-C reaches the child by itself; it decides how to end.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('close', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
