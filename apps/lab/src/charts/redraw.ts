/** Draws when asked, in an animation frame, and not more often than it may. */
export interface Redraw {
  /** @param soon In the next frame, for what follows a hand; else at most ten times a second. */
  request(soon?: boolean): void;
  dispose(): void;
}

const INTERVAL = 100;
/** Once this many ms of a frame have gone into drawing, the rest waits for the next one. */
const BUDGET = 8;

/** The drawings of a window that wait for a frame. */
const queues = new WeakMap<Window, Set<() => void>>();

/** In the next frame that has room: many charts on a page never make one long task together. */
function enqueue(view: Window, draw: () => void): void {
  const queue = queues.get(view) ?? new Set<() => void>();
  queues.set(view, queue);
  if (queue.size === 0) view.requestAnimationFrame(() => drawQueue(view, queue));
  queue.add(draw);
}

function drawQueue(view: Window, queue: Set<() => void>): void {
  const start = view.performance.now();
  try {
    for (const draw of [...queue]) {
      if (view.performance.now() - start > BUDGET) break;
      queue.delete(draw);
      draw();
    }
  } finally {
    // Also after a drawing that failed: the others are not to wait for ever.
    if (queue.size > 0) view.requestAnimationFrame(() => drawQueue(view, queue));
  }
}

/** @param draw Called in an animation frame of `view`. */
export function createRedraw(draw: () => void, view: Window): Redraw {
  let timer = 0;
  let last = Number.NEGATIVE_INFINITY;
  let ended = false;
  const run = () => {
    if (ended) return;
    last = view.performance.now();
    draw();
  };
  const next = () => {
    timer = 0;
    enqueue(view, run);
  };
  return {
    request(soon = false) {
      const wait = soon ? 0 : last + INTERVAL - view.performance.now();
      if (wait > 0) {
        if (timer === 0) timer = view.setTimeout(next, wait);
        return;
      }
      if (timer !== 0) view.clearTimeout(timer);
      next();
    },
    dispose() {
      ended = true;
      if (timer !== 0) view.clearTimeout(timer);
      queues.get(view)?.delete(run);
    },
  };
}
