/** Runs the latest of what was asked for, when the page has nothing else to do. */
export function createIdle(document: Document): { request(work: () => void): void } {
  const view = document.defaultView;
  let waiting: (() => void) | undefined;
  const run = () => {
    const work = waiting;
    waiting = undefined;
    if (document.defaultView) work?.();
  };
  return {
    request(work) {
      const first = waiting === undefined;
      waiting = work;
      if (!first || !view) return;
      if (typeof view.requestIdleCallback === 'function') view.requestIdleCallback(run, { timeout: 500 });
      else view.setTimeout(run, 30);
    },
  };
}
