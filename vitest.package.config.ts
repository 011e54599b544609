import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { SlowFirst } from './tooling/bootstrap/slowFirst.ts';

// Tests of what users get: the built command, packed tarballs in a consumer project, bundles in a browser.
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['{packages,apps,tooling}/*/test/**/*.package.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    sequence: { sequencer: SlowFirst },
  },
});

export default config;
