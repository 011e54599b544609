import { type Executor, throwIfCancelled } from '@ggdln/core';

/** One task after the other, here: what browsers and tests use, and what runs where nothing else is asked for. */
export const inProcess: Executor = {
  description: 'this process',
  slots: 1,
  async run(task, listener, signal, here) {
    throwIfCancelled(signal, '@ggdln/experiments in-process');
    return here(task, listener, signal);
  },
};
