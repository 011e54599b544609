// What every array element runs: node batchWorker.js FOLDER ELEMENT
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { computeElement } from './computeElement.ts';
import { batchFiles, type ElementPlan } from './runFolder.ts';

/** "Try again later" of sysexits.h: stopped by a signal before the last task. */
const TEMPORARY_FAILURE = 75;
/** Slurm waits 30 seconds before it kills; a task that never looks up has had its chance by then. */
const PATIENCE_MS = 10_000;

const [folder, element] = process.argv.slice(2);
const stop = new AbortController();
for (const name of ['SIGTERM', 'SIGUSR1', 'SIGINT'] as const) {
  process.on(name, () => {
    if (stop.signal.aborted) return;
    console.log(`${new Date().toISOString()} ${name}: finished tasks are kept, the one under way is given up`);
    stop.abort(name);
    setTimeout(() => process.exit(TEMPORARY_FAILURE), PATIENCE_MS).unref();
  });
}

const plan = JSON.parse(await readFile(join(folder, batchFiles.plan(element)), 'utf8')) as ElementPlan;
const finished = await computeElement(plan, {
  stateFile: join(folder, batchFiles.state(element)),
  restarts: Number(process.env.SLURM_RESTART_COUNT ?? 0),
  memoryLimit: memoryOfJob(),
  signal: stop.signal,
  log: (text) => console.log(`${new Date().toISOString()} ${text}`),
});
// Timers and handles of a task must not keep a core.
process.exit(finished ? 0 : TEMPORARY_FAILURE);

/** Bytes that computations may plan to use of what was asked of Slurm; `undefined` where nothing was. */
function memoryOfJob(): number | undefined {
  const { SLURM_MEM_PER_NODE: node, SLURM_MEM_PER_CPU: cpu, SLURM_CPUS_PER_TASK: cpus = '1' } = process.env;
  const megabytes = Number(node ?? Number(cpu) * Number(cpus));
  return megabytes > 0 ? 0.8 * megabytes * 2 ** 20 : undefined;
}
