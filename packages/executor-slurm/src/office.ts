import type { ExecutorContext } from '@ggdln/core';
import { jobNameOf } from './batchScript.ts';
import { finishedTasks, takeOutcome } from './outcomes.ts';
import { type RunFolder, runFolder } from './runFolder.ts';
import type { SlurmOptions } from './slurmOptions.ts';
import { createTaskBook, type TaskBook } from './taskBook.ts';

/** What the parts of an executor share. */
export interface Office {
  readonly run: RunFolder;
  readonly jobName: string;
  readonly options: SlurmOptions;
  readonly context: ExecutorContext;
  readonly book: TaskBook;
  /** Ids of tasks that have an outcome, as far as is known. */
  readonly finished: ReadonlySet<string>;
  /** Looks for outcomes, and hands over those that somebody waits for. */
  collect(): Promise<void>;
  /** Tells what concerns no task of its own, once. */
  warn(code: string, message: string): void;
  /** Set when something in the folder may still be wanted after the end: a log, outcomes. */
  worthKeeping: boolean;
}

/** Opens shop for a run. */
export function createOffice(options: SlurmOptions, context: ExecutorContext): Office {
  const run = runFolder(context.folder);
  const book = createTaskBook();
  const finished = new Set<string>();
  const told = new Set<string>();
  return {
    run,
    jobName: jobNameOf(context.folder),
    options,
    context,
    book,
    finished,
    worthKeeping: false,
    async collect() {
      const found = await finishedTasks(run.outcomes);
      for (const id of found) {
        if (!book.get(id)) {
          finished.add(id);
          continue;
        }
        const outcome = await takeOutcome(run.outcomes, id);
        if (!outcome) continue;
        finished.add(id);
        book.settle(id, outcome);
      }
    },
    warn(code, message) {
      if (told.has(message)) return;
      told.add(message);
      context.onWarning?.({ code, message });
    },
  };
}
