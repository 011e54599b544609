// `npm test`: everything that CI runs, from a bare clone. Ends with `N passed, N failed`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, fail, install, pnpm, requireNode, step } from './bootstrap.mjs';

requireNode();
const started = Date.now();
const reports = mkdtempSync(join(tmpdir(), 'ggdln-test-'));
const totals = { passed: 0, failed: 0 };

await install();
await Promise.all([
  step('types of packages', () => pnpm(['run', 'types:packages'])),
  step('lint and format', () => pnpm(['run', 'lint'])).then(() => step('layers', () => pnpm(['run', 'layers']))),
]);
await tests('unit and fixture tests', []);
await build();
await Promise.all([
  step('packages as published (publint, attw, knip, sherif)', () => pnpm(['run', 'check'])),
  // On the types as built: from sources each would check all packages once more.
  step('types of apps and examples', () => pnpm(['run', 'types:apps:built'])),
]);
await tests('command, package and browser tests', ['--config', 'vitest.package.config.ts']);
rmSync(reports, { recursive: true, force: true });

process.stdout.write(`\nAll in ${((Date.now() - started) / 60_000).toFixed(1)} min\n`);
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed\n`);

/** Runs vitest with its own output shown, and adds its counts. */
async function tests(title, args) {
  const report = join(reports, `${args.length}.json`);
  process.stderr.write(`\n  ${title}\n`);
  const { code } = await pnpm(
    ['exec', 'vitest', 'run', ...args, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    { show: true },
  );
  const { numPassedTests = 0, numFailedTests = 0, numTotalTests = 0 } = JSON.parse(readFileSync(report, 'utf8'));
  totals.passed += numPassedTests;
  totals.failed += numFailedTests;
  if (code !== 0) {
    process.stdout.write(`${totals.passed} passed, ${totals.failed} failed\n`);
    fail(`✗ ${title}: see above.`);
  }
  if (numTotalTests === 0) fail(`✗ ${title}: no test ran.`);
}
