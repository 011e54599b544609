// `npm run sizes`: measures what one import of each package weighs, and writes the budgets anew.
import { build, install, pnpm, requireNode } from './bootstrap.mjs';

requireNode();
await install();
await build();
const args = ['exec', 'vitest', 'run', '--config', 'vitest.package.config.ts', 'tooling/sizes'];
const { code } = await pnpm(args, { show: true, env: { GGDLN_UPDATE_SIZES: '1' } });
process.exit(code);
