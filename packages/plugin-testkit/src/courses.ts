import { demand, demandRefusal } from './check.ts';

/** The work of a learner or a study: snapshots, then a result. */
type Course<Snapshot, Result> = AsyncGenerator<Snapshot, Result, void>;

/** Lets a course run to its end. */
export async function finish<Snapshot, Result>(
  run: Course<Snapshot, Result>,
): Promise<{ readonly snapshots: readonly Snapshot[]; readonly result: Result }> {
  const snapshots: Snapshot[] = [];
  for (;;) {
    const next = await run.next();
    if (next.done) return { snapshots, result: next.value };
    snapshots.push(next.value);
  }
}

/** A signal that fires after the first snapshot is heard. @param start Starts the course with a signal. */
export async function demandCancelled<Snapshot extends { readonly step: number; readonly total: number }, Result>(
  start: (signal: AbortSignal) => Course<Snapshot, Result>,
): Promise<void> {
  const controller = new AbortController();
  const run = start(controller.signal);
  const first = await run.next();
  if (first.done || first.value.step === first.value.total) return; // nothing was left to cancel
  controller.abort();
  await demandRefusal('a signal fired after the first snapshot', () => finish(run), 'GGDLN_CANCELLED');
}

/** Stopping the iteration ends the work: a generator without cleanup ends by itself, one that catches the end may go on. */
export async function demandReturn<Snapshot, Result>(run: Course<Snapshot, Result>): Promise<void> {
  await run.next();
  const ended = await run.return(undefined as never);
  demand(
    ended.done === true && (await run.next()).done === true,
    'it goes on after the iteration was stopped, expected an end',
  );
}
