/** At most once in this many ms: what is made when idle is not what a hand waits for. */
const INTERVAL = 1000;

/** Runs the latest of what was asked for, when the page has nothing else to do: the first at once, then once a second. */
export function createIdle(document: Document): { request(work: () => void): void } {
  const view = document.defaultView;
  let waiting: (() => void) | undefined;
  let last = Number.NEGATIVE_INFINITY;
  const run = () => {
    const work = waiting;
    waiting = undefined;
    if (!view || !document.defaultView) return;
    last = view.performance.now();
    work?.();
  };
  const soon = () => {
    if (!view) return;
    if (typeof view.requestIdleCallback === 'function') view.requestIdleCallback(run, { timeout: 500 });
    else view.setTimeout(run, 30);
  };
  return {
    request(work) {
      const first = waiting === undefined;
      waiting = work;
      if (!first || !view) return;
      const wait = last + INTERVAL - view.performance.now();
      if (wait > 0) view.setTimeout(soon, wait);
      else soon();
    },
  };
}
