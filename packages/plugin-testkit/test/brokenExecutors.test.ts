import {
  defineExecutor,
  type Executor,
  type ExecutorEntry,
  GgdlnError,
  type Task,
  type TaskListener,
  throwIfCancelled,
} from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { checkExecutor, failedChecks, testExecutor } from '../src/index.ts';

/** Computes here, with what `change` makes of it. */
function executorOf(run: Executor['run'], more: Partial<Executor> = {}): ExecutorEntry {
  return defineExecutor({
    title: 'Here',
    summary: 'For tests.',
    options: {},
    create: () => ({ description: 'here', slots: 3, run, ...more }),
  });
}

const honest: Executor['run'] = async (task, listener, signal, here) => {
  throwIfCancelled(signal, 'here');
  return here(task, listener, signal);
};
const failures = (entry: ExecutorEntry) => failedChecks(checkExecutor(entry, { folder: '/nowhere' }));
const namesOf = async (entry: ExecutorEntry) => (await failures(entry)).map(({ name }) => name);

testExecutor('here', executorOf(honest), { folder: '/nowhere' });
testExecutor('here, as many as come', executorOf(honest, { slots: Number.POSITIVE_INFINITY }), { folder: '/nowhere' });

describe('checkExecutor', () => {
  it('finds results that are mixed up', async () => {
    let first: Task | undefined;
    const late = executorOf((task, ...rest) => {
      if (!task.id.startsWith('square')) return honest(task, ...rest);
      first ??= task;
      return honest(first, ...rest);
    });
    expect(await namesOf(late)).toContain('gives every task its own result, as it is computed here');
  });

  it('finds results that JSON has spoilt, and says what came', async () => {
    const spoilt = executorOf(async (...given) => JSON.parse(JSON.stringify(await honest(...given))));
    const found = await failures(spoilt);
    expect(found[0]).toEqual({
      name: 'gives every task its own result, as it is computed here',
      reason: 'a Float64Array came back as [object Object]',
    });
  });

  it('finds warnings that are lost', async () => {
    const silent = executorOf((task, _listener, signal, here) =>
      honest(task, { onProgress: () => {}, onWarning: () => {} } satisfies TaskListener, signal, here),
    );
    expect(await failures(silent)).toEqual([
      {
        name: 'passes warnings on, in their order',
        reason: 'warnings are "", expected "sample-warning: This is only a test; sample-warning: So is this"',
      },
    ]);
  });

  it('finds failures that lose their code, and defects that are made failures', async () => {
    const bare = executorOf((...given) =>
      honest(...given).catch((error: Error) => {
        if ((error as GgdlnError).code === 'GGDLN_CANCELLED') throw error;
        throw new Error(error.message);
      }),
    );
    expect(await namesOf(bare)).toEqual(['passes failures on with code and message']);
    const wrapped = executorOf((...given) =>
      honest(...given).catch((error: Error) => {
        if (error instanceof GgdlnError) throw error;
        throw new GgdlnError({ code: 'GGDLN_WORKER', where: 'here', problem: error.message });
      }),
    );
    expect(await namesOf(wrapped)).toEqual(['passes defects on as they are']);
  });

  it('finds an executor that looks at no signal', async () => {
    const deaf: Executor['run'] = (task, listener, _signal, here) =>
      task.id.startsWith('wait')
        ? new Promise((resolve) => setTimeout(resolve, 600, {}))
        : here(task, listener, new AbortController().signal);
    const names = await namesOf(executorOf(deaf));
    expect(names).toEqual(
      expect.arrayContaining([
        'refuses a task whose signal has fired',
        'cancels a task under way, and goes on with others',
        'can be closed while it computes, and twice',
      ]),
    );
  });

  it('finds an executor that says nothing of itself, takes no tasks, or can be closed once only', async () => {
    const nothing = [{ description: ' ' }, { slots: 0.5 }] as const;
    for (const more of nothing) {
      expect(await namesOf(executorOf(honest, more))).toEqual(['says what it is and how many tasks it takes']);
    }
    const closed = new WeakSet<object>();
    const once = defineExecutor({
      ...executorOf(honest),
      create: () => {
        const executor: Executor = {
          description: 'here',
          slots: 1,
          run: honest,
          close: async () => {
            if (closed.has(executor)) throw new Error('closed already');
            closed.add(executor);
          },
        };
        return executor;
      },
    });
    expect(await failures(once)).toEqual([
      { name: 'can be closed while it computes, and twice', reason: 'closed already' },
    ]);
  });
});
