// Runs a small experiment in the folder given: what killedRun.package.test.ts starts and kills.
import { resolveSpec, runExperiment } from '@ggdln/experiments';
import { openFolderStore, workerPool, writeResults } from '@ggdln/experiments/node';
import { experiment, linalg, registry } from './packageDoubles.mjs';

const [folder, workers] = process.argv.slice(2);
const spec = resolveSpec(experiment('double', 24), registry);
const store = await openFolderStore(folder);
const onEvent = (event) => {
  if (event.type === 'warning') process.stdout.write(`warning ${event.warning.message}\n`);
  if (event.type === 'point-finished') process.stdout.write('point\n');
};
const module = new URL('./packageDoubles.mjs', import.meta.url);
const pool = workers ? workerPool({ module, data: {}, workers: Number(workers) }) : undefined;
const result = await runExperiment(spec, { registry, linalg, store, onEvent, ...(pool ? { executor: pool } : {}) });
await pool?.close();
await writeResults(folder, result);
await store.close();
process.stdout.write(`done, ${result.counts.reused} reused\n`);
