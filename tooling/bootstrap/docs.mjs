// `npm run docs`: the site, from a bare clone, to apps/docs/dist. `npm run docs -- dev` and `-- preview` serve it.
import { build, install, pnpm, requireNode } from './bootstrap.mjs';

requireNode();
const [script = 'site'] = process.argv.slice(2);
await install();
await build();
const { code } = await pnpm(['--filter', 'docs', 'run', script], { show: true });
process.exit(code);
