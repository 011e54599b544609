import { defineExecutor, type Executor, integer, type Plugin, throwIfCancelled } from '@ggdln/core';

const NAME = 'ggdln-plugin-template';

/**
 * Computes tasks in this process, a few at a time. To compute elsewhere, start a process that imports
 * `context.program.module` and calls its `openTaskProgram(context.program.data, …)`; a task is plain JSON, and so may be
 * sent there; send back what its computation returns, which can be cloned. The numbers don't depend on where they are
 * computed.
 */
function createExecutor({ slots }: { readonly slots: number }): Executor {
  const running = new Set<AbortController>();
  return {
    description: `this process, ${slots} at a time`,
    slots,
    async run(task, listener, signal, here) {
      throwIfCancelled(signal, NAME);
      const stop = new AbortController();
      running.add(stop);
      try {
        return await here(task, listener, AbortSignal.any([signal, stop.signal]));
      } finally {
        running.delete(stop);
      }
    },
    /** Ends at once what still computes. */
    async close() {
      for (const stop of running) stop.abort();
    },
  };
}

export const plugin: Plugin = {
  name: NAME,
  contract: '1.0.0',
  executor: {
    'template-entry': defineExecutor({
      title: 'Template title',
      summary: 'Computes in this process, a few tasks at a time.',
      options: {
        slots: integer({
          title: 'Tasks at a time',
          min: 1,
          max: 1024,
          default: 1,
          help: 'How many share this process.',
        }),
      },
      create: createExecutor,
    }),
  },
};
