/** Draws when asked, in an animation frame, and not more often than it may. */
export interface Redraw {
  /** @param soon In the next frame, for what follows a hand; else at most ten times a second. */
  request(soon?: boolean): void;
  dispose(): void;
}

const INTERVAL = 100;

/** @param draw Called in an animation frame of `view`. */
export function createRedraw(draw: () => void, view: Window): Redraw {
  let frame = 0;
  let timer = 0;
  let last = Number.NEGATIVE_INFINITY;
  const run = () => {
    frame = 0;
    last = view.performance.now();
    draw();
  };
  const next = () => {
    timer = 0;
    if (frame === 0) frame = view.requestAnimationFrame(run);
  };
  return {
    request(soon = false) {
      if (frame !== 0) return;
      const wait = soon ? 0 : last + INTERVAL - view.performance.now();
      if (wait > 0) {
        if (timer === 0) timer = view.setTimeout(next, wait);
        return;
      }
      if (timer !== 0) view.clearTimeout(timer);
      next();
    },
    dispose() {
      if (frame !== 0) view.cancelAnimationFrame(frame);
      if (timer !== 0) view.clearTimeout(timer);
    },
  };
}
