import {
  type Executor,
  type ExecutorEntry,
  isGgdlnError,
  type JsonObject,
  type Task,
  type TaskProgram,
  type Warning,
} from '@ggdln/core';
import { type Check, demand, demandRefusal, once } from './check.ts';
import { checkEntry, resolved } from './checkEntry.ts';
import { demandSameBits } from './compare.ts';
import { computeSample, type SampleWork } from './executor/sampleProgram.ts';

/** What an executor is tested with. */
export interface ExecutorSetup {
  /** Absolute path of an empty folder, for what the executor keeps there. */
  readonly folder: string;
  /** Raw option values, as flags give them. */
  readonly options?: JsonObject;
  /** What other processes run; default: a program of this package, which has to be built then. */
  readonly program?: TaskProgram;
}

interface Ended {
  readonly result?: unknown;
  readonly error?: unknown;
  readonly warnings: readonly Warning[];
}

const SQUARES = 6;
const SILENT = { onProgress: () => {}, onWarning: () => {} };
/** By then a task that was begun at once is under way. */
const UNDER_WAY_MS = 300;

/** The contract of an executor, as checks that need no test runner; `testExecutor` runs them under vitest. */
export function checkExecutor(entry: ExecutorEntry, setup: ExecutorSetup): Check[] {
  const open = async (): Promise<Executor> => {
    const program = setup.program ?? {
      module: new URL('./executor/sampleProgram.js', import.meta.url).href,
      data: {},
    };
    return entry.create(resolved<'executor'>(entry, setup.options), { program, folder: setup.folder, tasks: SQUARES });
  };
  const all = once(() => withExecutor(open, computeAll));
  const ended = async (id: string) => (await all()).get(id) as Ended;
  return [
    ...checkEntry(entry),
    { name: 'says what it is and how many tasks it takes', run: () => withExecutor(open, demandDescription) },
    {
      name: 'gives every task its own result, as it is computed here',
      run: async () => {
        for (let i = 0; i < SQUARES; i++) await demandSquares(squares(i), await ended(`square-${i}`));
      },
    },
    { name: 'passes warnings on, in their order', run: async () => demandWarnings(await ended('warn')) },
    { name: 'passes failures on with code and message', run: async () => demandFailure(await ended('fail')) },
    { name: 'passes defects on as they are', run: async () => demandDefect(await ended('throw')) },
    {
      name: 'refuses a task whose signal has fired',
      run: () =>
        withExecutor(open, (executor) =>
          demandRefusal('a fired signal', () => run(executor, squares(0), AbortSignal.abort()), 'GGDLN_CANCELLED'),
        ),
    },
    {
      name: 'cancels a task under way, and goes on with others',
      run: () => withExecutor(open, demandCancelling),
    },
    { name: 'can be closed while it computes, and twice', run: () => demandClosing(open) },
  ];
}

async function withExecutor<Result>(
  open: () => Promise<Executor>,
  use: (executor: Executor) => Result | Promise<Result>,
): Promise<Result> {
  const executor = await open();
  try {
    return await use(executor);
  } finally {
    await executor.close?.();
  }
}

function sample(id: string, work: SampleWork): Task {
  return { id, name: `sample ${id}`, work };
}

function squares(i: number): Task {
  return sample(`square-${i}`, { do: 'square', values: [i, i + 0.5, -1 / 3] });
}

function run(executor: Executor, task: Task, signal: AbortSignal, warnings: Warning[] = []): Promise<unknown> {
  const listener = { ...SILENT, onWarning: (warning: Warning) => warnings.push(warning) };
  return executor.run(task, listener, signal, computeSample);
}

/** All that a task can do, as many at a time as the executor takes. */
async function computeAll(executor: Executor): Promise<ReadonlyMap<string, Ended>> {
  const tasks = [
    ...Array.from({ length: SQUARES }, (_, i) => squares(i)),
    sample('warn', { do: 'warn' }),
    sample('fail', { do: 'fail' }),
    sample('throw', { do: 'throw' }),
  ];
  const ended = new Map<string, Ended>();
  const { signal } = new AbortController();
  const take = async () => {
    for (let task = tasks.shift(); task; task = tasks.shift()) {
      const warnings: Warning[] = [];
      const { id } = task;
      await run(executor, task, signal, warnings).then(
        (result) => ended.set(id, { result, warnings }),
        (error) => ended.set(id, { error, warnings }),
      );
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(executor.slots, tasks.length)) }, take));
  return ended;
}

function demandDescription({ description, slots }: Executor): void {
  demand(typeof description === 'string' && description.trim() !== '', 'its description is empty');
  demand(
    slots === Number.POSITIVE_INFINITY || (Number.isInteger(slots) && slots > 0),
    `slots is ${slots}, expected a whole number ≥ 1, or Infinity`,
  );
}

async function demandSquares(task: Task, { result, error }: Ended): Promise<void> {
  if (error !== undefined) throw error;
  const { id, squares: found } = result as { readonly id: string; readonly squares: Float64Array };
  demand(id === task.id, `the result of ${task.id} is that of ${id}`);
  demand(found instanceof Float64Array, `a Float64Array came back as ${Object.prototype.toString.call(found)}`);
  const expected = (await computeSample(task, SILENT, new AbortController().signal)) as {
    readonly squares: Float64Array;
  };
  demandSameBits(`the result of ${task.id}`, found, expected.squares);
}

function demandWarnings({ error, warnings }: Ended): void {
  if (error !== undefined) throw error;
  const found = warnings.map(({ code, message }) => `${code}: ${message}`).join('; ');
  const expected = 'sample-warning: This is only a test; sample-warning: So is this';
  demand(found === expected, `warnings are "${found}", expected "${expected}"`);
}

function demandFailure({ error }: Ended): void {
  demand(isGgdlnError(error), `a failure came as ${String(error)}, not as an error of ggdln`);
  demand(error.code === 'GGDLN_NOT_CONVERGED', `the code is ${error.code}, expected GGDLN_NOT_CONVERGED`);
  const expected = '[sample task] no convergence. Wait.';
  demand(error.message === expected, `the message is "${error.message}", expected "${expected}"`);
}

function demandDefect({ error }: Ended): void {
  demand(error instanceof Error && !isGgdlnError(error), `a defect came as ${String(error)}`);
  demand(error.message === 'x is not a function', `the message is "${error.message}", expected "x is not a function"`);
}

async function demandCancelling(executor: Executor): Promise<void> {
  const controller = new AbortController();
  const waiting = run(executor, sample('wait-1', { do: 'wait' }), controller.signal);
  setTimeout(() => controller.abort(), UNDER_WAY_MS);
  await demandRefusal('a task that is cancelled', () => waiting, 'GGDLN_CANCELLED');
  const result = await run(executor, squares(1), new AbortController().signal);
  await demandSquares(squares(1), { result, warnings: [] });
}

async function demandClosing(open: () => Promise<Executor>): Promise<void> {
  const executor = await open();
  const controller = new AbortController();
  const waiting = run(executor, sample('wait-2', { do: 'wait' }), controller.signal).catch(() => 'ended');
  await new Promise((resolve) => setTimeout(resolve, UNDER_WAY_MS));
  // What computes here only hears of the signal.
  controller.abort();
  await executor.close?.();
  demand((await waiting) === 'ended', 'a task that never ends gave a result');
  await executor.close?.();
}
