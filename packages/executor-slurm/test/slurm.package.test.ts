import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { slurmPlugin } from '@ggdln/executor-slurm';
import { testExecutor } from '@ggdln/plugin-testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { entryOf, open, square } from './executors.ts';
import { type SlurmCluster, startSlurm, whyNoSlurm } from './slurmCluster.ts';

const why = whyNoSlurm();
const cluster: SlurmCluster | undefined = why === undefined ? await startSlurm() : undefined;
afterAll(() => cluster?.stop());

if (cluster) {
  const folder = join(cluster.folder, 'a run');
  mkdirSync(folder);
  testExecutor('slurm', entryOf(slurmPlugin), { folder, options: { poll: 1, throttle: 2, time: '5' } });

  describe('executor slurm', () => {
    it('computes many tasks in few elements, and leaves nothing behind', async () => {
      const { executor, run, folder: own } = await open(cluster, 'many', { throttle: 2 });
      const results = await Promise.all(Array.from({ length: 40 }, (_, i) => run(square(i))));
      expect(results.map(({ squares }) => [...squares])).toEqual(Array.from({ length: 40 }, (_, i) => [i * i]));
      const [batch] = readdirSync(join(own, 'slurm', 'batches'));
      const plans = readdirSync(join(own, 'slurm', 'batches', batch)).filter((name) => name.endsWith('.plan.json'));
      expect(plans).toHaveLength(2);
      await executor.close?.();
      expect(existsSync(join(own, 'slurm'))).toBe(false);
    });
  });
} else {
  process.stderr.write(`  SKIPPED tests on a real Slurm: ${why}\n`);
  it(`says why no Slurm is tested here: ${why}`, () => {
    expect(why).toBeTruthy();
  });
}
