import { type Element, submittedElements } from './batches.ts';
import { buryElement } from './buryElement.ts';
import type { Office } from './office.ts';
import { openOutcomes } from './outcomes.ts';
import { showElement, type Watched } from './showElement.ts';
import { cancelElements, elementName, listElements, type QueuedElement } from './slurmCommands.ts';

/** Looks after the elements that were submitted. */
export interface ElementWatch {
  /** Finds what an earlier process of this run left: what it submitted and what still waits or runs. Does so once. */
  adopt(): Promise<void>;
  add(elements: readonly Element[]): void;
  /** Whether an element that waits or runs is to compute a task. */
  covers(id: string): boolean;
  /** Asks Slurm, as often as it may be asked: elements that were lost give their tasks back. Tells progress. */
  look(): Promise<void>;
  /** Cancels elements none of whose tasks is wanted any more. */
  reap(): Promise<void>;
  /** Whether elements are left that have something to compute. */
  anyLeft(): boolean;
}

/** An element is lost when Slurm has not known it twice: files of its node may come later than its end. */
const MISSES = 2;
const PROGRESS_MS = 1000;
/** Reasons to wait that end by themselves. */
const ORDINARY = /^(None|Priority|Resources|JobArrayTaskLimit|BeginTime|Dependency|.*(Limit|Cleaning)|\(null\))$/;

/** A watch without elements. */
export function createElementWatch(office: Office): ElementWatch {
  const { book, finished, options } = office;
  const watched = new Map<string, Watched>();
  let adopted: Promise<void> | undefined;
  let asked = Number.NEGATIVE_INFINITY;
  let shown = Number.NEGATIVE_INFINITY;
  const isWanted = ({ element }: Watched) => element.tasks.some((id) => book.get(id) !== undefined);
  const isDone = ({ element }: Watched) => element.tasks.every((id) => finished.has(id));
  const watch = (element: Element, ofEarlierProcess: boolean) =>
    watched.set(nameOf(element), { element, ofEarlierProcess, missed: 0, restarts: 0 });

  return {
    adopt() {
      adopted ??= stillQueued(office).then((elements) => {
        for (const element of elements) watch(element, true);
      });
      return adopted;
    },
    add(elements) {
      for (const element of elements) watch(element, false);
    },
    covers: (id) => [...watched.values()].some(({ element }) => element.tasks.includes(id)),
    async look() {
      const now = performance.now();
      if (now - asked >= options.poll * 1000) {
        asked = now;
        const gone = await askSlurm(office, watched);
        if (gone.length > 0) await office.collect();
        for (const element of gone) {
          watched.delete(nameOf(element));
          await buryElement(office, element);
        }
      }
      if (now - shown >= PROGRESS_MS) {
        shown = now;
        for (const one of watched.values()) if (isWanted(one)) await showElement(office, one);
      }
    },
    async reap() {
      const useless = [...watched].filter(([, one]) => !one.ofEarlierProcess && !isWanted(one));
      for (const [name] of useless) watched.delete(name);
      const names = useless.flatMap(([name, one]) => (isDone(one) ? [] : [name]));
      office.worthKeeping ||= names.length > 0;
      await cancelElements(names);
    },
    anyLeft: () => [...watched.values()].some((one) => !isDone(one)),
  };
}

function nameOf({ job, index }: Element): string {
  return elementName(job, index);
}

/** Those of an earlier process; jobs of it that nothing is known of are cancelled. */
async function stillQueued({ run, jobName }: Office): Promise<Element[]> {
  await openOutcomes(run.outcomes);
  const submitted = await submittedElements(run);
  if (submitted.length === 0) return [];
  const queued = await listElements(jobName);
  const known = new Set(submitted.map(nameOf));
  await cancelElements([...queued.keys()].filter((name) => !known.has(name)));
  return submitted.filter((element) => queued.has(nameOf(element)));
}

/** Counts which elements Slurm still knows. @returns Those that are lost. */
async function askSlurm({ jobName, warn }: Office, watched: ReadonlyMap<string, Watched>): Promise<Element[]> {
  let queued: ReadonlyMap<string, QueuedElement>;
  try {
    queued = await listElements(jobName);
  } catch (error) {
    warn('slurm-silent', `Slurm does not answer; it is asked again. ${(error as Error).message}`);
    return [];
  }
  const lost: Element[] = [];
  for (const [name, one] of watched) {
    const job = queued.get(name);
    one.missed = job ? 0 : one.missed + 1;
    if (job?.state === 'PENDING' && !ORDINARY.test(job.reason)) {
      warn('slurm-waits', `The Slurm job ${name} waits because of ${job.reason}; see scontrol show job ${name}`);
    }
    if (one.missed >= MISSES) lost.push(one.element);
  }
  return lost;
}
