import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { SlowFirst } from './tooling/bootstrap/slowFirst.ts';

// Tests run on sources (the @ggdln/source export condition), so they need no build.
// Tests of what is published live in *.package.test.ts and run after the build.
const conditions = ['@ggdln/source', 'module', 'node', 'import', 'default'];

const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: [
      'packages/*/{src,test}/**/*.test.ts',
      'apps/*/{src,test}/**/*.test.{ts,tsx}',
      'examples/*/{src,test}/**/*.test.ts',
      'tooling/*/test/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.package.test.ts', '**/*.nightly.test.ts'],
    testTimeout: 60_000,
    maxWorkers: 2,
    sequence: { sequencer: SlowFirst },
  },
});

export default config;
