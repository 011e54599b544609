import { rmSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { describe, expect, it } from 'vitest';
import { newFolder } from './runCommand.ts';
import { type Disturbed, runSweep } from './sweepFaults.ts';

// On a machine that does nothing else: npx vitest run --config vitest.nightly.config.ts packages/cli/test/sweepEfficiency
// (after a build). Elsewhere it prints the numbers and says why they are not held against it.
/** Two hundred points, a minute of work: what starting processes takes is small against it. */
const sweep: Disturbed = {
  file: 'examples/sweeps/random-200.yaml',
  flags: ['--set', 'learners.block-gibbs.sweeps=1500', '--quiet'],
};

async function secondsOf(jobs: number, linalg: string): Promise<number> {
  const folder = newFolder();
  const started = performance.now();
  const { code, stderr } = await runSweep(sweep, folder, ['--jobs', String(jobs), '--linalg', linalg]);
  if (code !== 0) throw new Error(`the sweep ended with ${code}: ${stderr}`);
  rmSync(folder, { recursive: true });
  return (performance.now() - started) / 1000;
}

describe('two cores', () => {
  it.for(['openblas', 'wasm'])('halve the time of a sweep, but for 15 %%, with %s', async (linalg, { skip }) => {
    const load = loadavg()[0];
    const [one, two] = [await secondsOf(1, linalg), await secondsOf(2, linalg)];
    const efficiency = one / (2 * two);
    process.stdout.write(
      `sweep-efficiency ${linalg}: 1 job ${one.toFixed(1)} s, 2 jobs ${two.toFixed(1)} s, ` +
        `efficiency ${(100 * efficiency).toFixed(0)} % (${availableParallelism()} cores, load before ${load.toFixed(1)})\n`,
    );
    if (load > 0.5 || availableParallelism() < 2) return skip('the machine has other work, or one core');
    expect(efficiency).toBeGreaterThanOrEqual(0.85);
  });
});
