import {
  type ErrorCode,
  GgdlnError,
  isGgdlnError,
  type LearnerSnapshot,
  type Progress,
  type Task,
  type TaskProgram,
  type Warning,
} from '@ggdln/core';

/** What a worker process is told. */
export type ToWorker =
  | { readonly type: 'set-up'; readonly program: TaskProgram; readonly limits: { readonly memoryLimit?: number } }
  | { readonly type: 'task'; readonly task: Task };

/** What a worker process answers about the task that it has. */
export type FromWorker =
  | { readonly type: 'progress'; readonly progress: Progress; readonly snapshot?: LearnerSnapshot }
  | { readonly type: 'warning'; readonly warning: Warning }
  | { readonly type: 'done'; readonly result: unknown }
  | { readonly type: 'failed'; readonly error: SentError };

/** An error as plain data. */
export interface SentError {
  readonly message: string;
  readonly stack: string | undefined;
  /** Of an error that ggdln throws on purpose. */
  readonly parts?: {
    readonly code: ErrorCode;
    readonly where: string;
    readonly problem: string;
    readonly remedy: string | undefined;
  };
}

/** Takes an error apart, so that it can cross processes. */
export function sendError(error: unknown): SentError {
  if (!(error instanceof Error)) return { message: String(error), stack: undefined };
  const { message, stack } = error;
  if (!isGgdlnError(error)) return { message, stack };
  const { code, where, problem, remedy } = error;
  return { message, stack, parts: { code, where, problem, remedy } };
}

/** The error that was sent, with its code, message and the stack of where it was thrown. */
export function receiveError({ message, stack, parts }: SentError): Error {
  const { remedy, ...rest } = parts ?? {};
  const error = parts
    ? new GgdlnError({ ...(rest as Omit<typeof parts, 'remedy'>), ...(remedy === undefined ? {} : { remedy }) })
    : new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
