// `npm start`: from a fresh clone to the figure of the main experiment.
import { build, execute, install, requireNode, root } from './bootstrap.mjs';

requireNode();
process.stderr.write('ggdln: theory beside exact sampling beside gradient descent, on real MNIST\n');
await install();
await build();
const bin = `${root}/packages/cli/dist/bin.js`;
const { code } = await execute(
  process.execPath,
  [bin, 'run', 'experiments/ggdln-mnist-width.yaml', ...process.argv.slice(2)],
  { show: true },
);
process.exit(code);
