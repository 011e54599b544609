import type { LearnerSnapshot, PackedError, Progress, Task, TaskProgram, Warning } from '@ggdln/core';

/** What a worker process is told. */
export type ToWorker =
  | { readonly type: 'set-up'; readonly program: TaskProgram; readonly limits: { readonly memoryLimit?: number } }
  | { readonly type: 'task'; readonly task: Task };

/** What a worker process answers about the task that it has. */
export type FromWorker =
  | { readonly type: 'progress'; readonly progress: Progress; readonly snapshot?: LearnerSnapshot }
  | { readonly type: 'warning'; readonly warning: Warning }
  | { readonly type: 'done'; readonly result: unknown; readonly seconds: number }
  | { readonly type: 'failed'; readonly error: PackedError };
