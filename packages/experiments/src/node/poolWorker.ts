// What every process of a `workerPool` runs: it is set up once and then computes one task after the other.
import { GgdlnError, type JsonObject, type LinalgBackend } from '@ggdln/core';
import type { Task } from '../run/executor.ts';
import { createPreparer, type PrepareProblem } from '../run/prepareProblem.ts';
import { runTask } from '../run/runTask.ts';
import { type FromWorker, sendError, type ToWorker } from './poolMessages.ts';
import type { SetUpWorker, WorkerSurroundings } from './workerPool.ts';

interface Ready {
  readonly surroundings: WorkerSurroundings;
  readonly prepare: PrepareProblem;
}

let ready: Promise<Ready> | undefined;

// Ctrl-C reaches the whole group of processes; what happens then is for the one that started this.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
process.on('message', (message: ToWorker) => {
  if (message.type === 'set-up') ready = setUp(message.module, message.data);
  else void compute(message.task);
});

async function setUp(module: string, data: JsonObject): Promise<Ready> {
  const { setUpWorker } = (await import(module)) as { readonly setUpWorker: SetUpWorker };
  const surroundings = await setUpWorker(data);
  // Tasks of one worker share datasets and gates.
  return { surroundings, prepare: createPreparer(surroundings) };
}

async function compute(task: Task): Promise<void> {
  try {
    const { surroundings, prepare } = await (ready as Promise<Ready>);
    requireBackend(task, surroundings.linalg);
    const prepared = await prepare(task.point.settings);
    const result = await runTask(task, prepared, surroundings, {
      onProgress: (progress, snapshot) => tell({ type: 'progress', progress, ...(snapshot ? { snapshot } : {}) }),
      onWarning: (warning) => tell({ type: 'warning', warning }),
    });
    tell({ type: 'done', result });
  } catch (error) {
    tell({ type: 'failed', error: sendError(error) });
  }
}

function tell(message: FromWorker): void {
  process.send?.(message);
}

/** The backend is part of what a point's numbers, and so its id, depend on. */
function requireBackend({ point }: Task, linalg: LinalgBackend): void {
  if (linalg.name === point.settings.linalg) return;
  throw new GgdlnError({
    code: 'GGDLN_BACKEND',
    where: '@ggdln/experiments workerPool',
    problem: `a worker computes with the backend "${linalg.name}", the experiment with "${point.settings.linalg}"`,
    remedy: 'Let the set-up module of the workers make the backend of the experiment',
  });
}
