import { setMaxListeners } from 'node:events';
import { GgdlnError, type Task, type TaskListener, unpackError } from '@ggdln/core';
import type { Outcome } from './outcomeFile.ts';

/** A task that somebody waits for. */
interface WantedTask {
  readonly task: Task;
  /** How many processes died of it. */
  deaths: number;
  /** The last of its progress that was told. */
  told: string;
}

/** Who waits for which task. */
export interface TaskBook {
  /** In the order in which they were first asked for. */
  wanted(): WantedTask[];
  get(id: string): WantedTask | undefined;
  /** Waits for a task; the promise is settled by one of those below, or rejects when the signal fires. */
  wait(task: Task, listener: TaskListener, signal: AbortSignal): Promise<unknown>;
  settle(id: string, outcome: Outcome): void;
  reject(id: string, error: Error): void;
  /** Calls every listener of a task. */
  tell(id: string, say: (listener: TaskListener) => void): void;
}

interface Caller {
  readonly listener: TaskListener;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** An empty book. */
export function createTaskBook(): TaskBook {
  const entries = new Map<string, WantedTask & { readonly callers: Set<Caller> }>();
  const take = (id: string): Caller[] => {
    const callers = [...(entries.get(id)?.callers ?? [])];
    entries.delete(id);
    return callers;
  };
  return {
    wanted: () => [...entries.values()],
    get: (id) => entries.get(id),
    async wait(task, listener, signal) {
      if (signal.aborted) throw cancelled(task, signal);
      const entry = entries.get(task.id) ?? { task, deaths: 0, told: '', callers: new Set<Caller>() };
      entries.set(task.id, entry);
      let onAbort = () => {};
      try {
        return await new Promise<unknown>((resolve, reject) => {
          const caller: Caller = { listener, resolve, reject };
          entry.callers.add(caller);
          onAbort = () => {
            entry.callers.delete(caller);
            if (entry.callers.size === 0 && entries.get(task.id) === entry) entries.delete(task.id);
            reject(cancelled(task, signal));
          };
          // One signal serves all tasks of a run.
          setMaxListeners(0, signal);
          signal.addEventListener('abort', onAbort, { once: true });
        });
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    },
    settle(id, outcome) {
      for (const { listener, resolve, reject } of take(id)) {
        for (const warning of outcome.warnings) listener.onWarning(warning);
        listener.onComputed?.(outcome.seconds);
        if (outcome.type === 'done') resolve(outcome.result);
        else reject(unpackError(outcome.error));
      }
    },
    reject(id, error) {
      for (const { reject } of take(id)) reject(error);
    },
    tell(id, say) {
      for (const { listener } of entries.get(id)?.callers ?? []) say(listener);
    },
  };
}

function cancelled({ name }: Task, { reason }: AbortSignal): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_CANCELLED',
    where: 'executor slurm',
    problem: `${name} was cancelled`,
    cause: reason,
  });
}
