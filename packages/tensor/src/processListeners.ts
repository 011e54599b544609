/** The part of Node's `process` that is needed here; absent in browsers. */
interface ListenerHost {
  listeners(event: string): readonly unknown[];
  removeListener(event: string, listener: unknown): void;
}

/**
 * Runs `work` and takes away the `uncaughtException` and `unhandledRejection` listeners of Emscripten that it left on
 * Node's process. They change the exit code of every later error of the program from 1 to 7. Nothing in a browser.
 */
export async function withoutNewProcessListeners<Result>(work: () => Promise<Result>): Promise<Result> {
  const host = (globalThis as { process?: Partial<ListenerHost> }).process;
  if (typeof host?.listeners !== 'function' || typeof host.removeListener !== 'function') return work();
  const { listeners, removeListener } = host as ListenerHost;
  const events = ['uncaughtException', 'unhandledRejection'];
  const before = new Set(events.flatMap((event) => listeners.call(host, event)));
  try {
    return await work();
  } finally {
    for (const event of events) {
      for (const listener of listeners.call(host, event)) {
        if (!before.has(listener) && isEmscripten(listener)) removeListener.call(host, event, listener);
      }
    }
  }
}

/** Its two listeners only rethrow; a listener that someone else adds meanwhile stays. */
function isEmscripten(listener: unknown): boolean {
  const source = String(listener);
  return source.includes('ExitStatus') || /^function\s*\((\w+)\)\s*\{\s*throw \1;?\s*\}$/.test(source);
}
