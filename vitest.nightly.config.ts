import { defineConfig, type ViteUserConfig } from 'vitest/config';

// Long tests: `npm run nightly` runs them on the packages as built, one file at a time, so that a test that
// times or fills the machine has it for itself. A short version of each lives in a *.test.ts or *.package.test.ts.
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['{packages,apps}/*/test/**/*.nightly.test.ts', 'tooling/*/test/**/*.nightly.test.ts'],
    testTimeout: 3_600_000,
    hookTimeout: 3_600_000,
    maxWorkers: 1,
    fileParallelism: false,
    passWithNoTests: true,
  },
});

export default config;
