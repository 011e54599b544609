/**
 * What of a window the address needs. As in browsers, and unlike in jsdom, listeners hear of a new hash later: when
 * `deliver` is called.
 */
export function fakeWindow() {
  const listeners: (() => void)[] = [];
  const location = { hash: '' };
  const window = {
    location,
    history: {
      // No listener hears of this one.
      replaceState: (_state: unknown, _title: string, address: string) => {
        location.hash = address;
      },
    },
    sessionStorage: { setItem: () => {}, getItem: () => null },
    addEventListener: (_type: string, listener: () => void) => listeners.push(listener),
    setTimeout: (act: () => void, ms: number) => setTimeout(act, ms),
    clearTimeout: (timer: ReturnType<typeof setTimeout>) => clearTimeout(timer),
  };
  return {
    window: window as unknown as Window,
    /** Follows a link; the page does not know yet. */
    goTo: (hash: string) => {
      location.hash = hash;
    },
    /** The page hears that the address has changed. */
    deliver: () => {
      for (const listener of listeners) listener();
    },
  };
}
