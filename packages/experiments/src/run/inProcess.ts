import type { Executor } from '@ggdln/core';

/** One task after the other, here: what browsers and tests use, and what runs where nothing else is asked for. */
export const inProcess: Executor = {
  description: 'this process',
  slots: 1,
  run: (task, listener, signal, here) => here(task, listener, signal),
};
