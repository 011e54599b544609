import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { SlowFirst } from './tooling/bootstrap/slowFirst.ts';

// Tests run on sources (the @ggdln/source export condition), so they need no build.
// Tests of what is published live in *.package.test.ts and run after the build.
const conditions = ['@ggdln/source', 'module', 'node', 'import', 'default'];

const include = [
  'packages/*/{src,test}/**/*.test.ts',
  'apps/*/{src,test}/**/*.test.{ts,tsx}',
  'examples/*/{src,test}/**/*.test.ts',
  'tooling/*/test/**/*.test.ts',
];
const exclude = ['**/node_modules/**', '**/dist/**', '**/*.package.test.ts', '**/*.nightly.test.ts'];

// Files that only compute can share a process with others of their group, which loads what they import once. Those that
// choose tensor backends, watch processes or draw pages have one each.
const computing = [
  'packages/{theory,datasets,gating,plot,reproductions,studies,standard}/test/**/*.test.ts',
  'packages/learning/test/{continual,gibbs,gln,hmc}/**/*.test.ts',
  'packages/learning/test/*.test.ts',
];
const plain = ['packages/{core,io,linalg,experiments,cli}/test/**/*.test.ts'];
// All of them compute with the same tensor backend.
const architectures = ['packages/architectures/test/**/*.test.ts'];

const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    testTimeout: 60_000,
    maxWorkers: 2,
    sequence: { sequencer: SlowFirst },
    projects: [
      { extends: true, test: { name: 'computing', isolate: false, include: computing, exclude } },
      { extends: true, test: { name: 'plain', isolate: false, include: plain, exclude } },
      { extends: true, test: { name: 'architectures', isolate: false, include: architectures, exclude } },
      {
        extends: true,
        test: { name: 'apart', include, exclude: [...exclude, ...computing, ...plain, ...architectures] },
      },
    ],
  },
});

export default config;
