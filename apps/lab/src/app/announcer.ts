import { type ReadonlySignal, signal } from '@preact/signals';

/** Messages to people who use a screen reader come no faster than this, in milliseconds. */
export const QUIET_MS = 5000;

/** The live region of the page. */
export interface Announcer {
  readonly message: ReadonlySignal<string>;
  /** Says a sentence; of those that come too soon only the last is said, when its time has come. */
  say(sentence: string): void;
}

/** Makes the live region's text: at most one message in five seconds. */
export function createAnnouncer(): Announcer {
  const message = signal('');
  let last = Number.NEGATIVE_INFINITY;
  let waiting: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const speak = (sentence: string) => {
    last = performance.now();
    // A sentence that is said again is heard again only if the text changes.
    message.value = message.peek() === sentence ? `${sentence}\u00a0` : sentence;
  };
  return {
    message,
    say(sentence) {
      const wait = last + QUIET_MS - performance.now();
      if (wait <= 0 && timer === undefined) return speak(sentence);
      waiting = sentence;
      timer ??= setTimeout(() => {
        timer = undefined;
        if (waiting !== undefined) speak(waiting);
        waiting = undefined;
      }, wait);
    },
  };
}
