import { effect, type Signal, signal } from '@preact/signals';

/** How one person likes the page; kept on this machine, never in a link. */
export interface Preferences {
  readonly theme: Signal<'light' | 'dark' | 'system'>;
  /** Whether single letters act. */
  readonly shortcuts: Signal<boolean>;
}

/** The part of `localStorage` that is used. */
export type PreferenceStorage = Pick<Storage, 'getItem' | 'setItem'>;

const KEY = 'ggdln-lab';

/**
 * Reads the preferences and keeps them up to date in the storage.
 * @param storage Absent, or one that refuses (private windows do): they last as long as the page.
 */
export function createPreferences(storage?: PreferenceStorage): Preferences {
  const stored = read(storage);
  const theme = signal<'light' | 'dark' | 'system'>(
    stored.theme === 'light' || stored.theme === 'dark' ? stored.theme : 'system',
  );
  const shortcuts = signal(stored.shortcuts !== false);
  let first = true;
  effect(() => {
    const text = JSON.stringify({ theme: theme.value, shortcuts: shortcuts.value });
    if (!first) write(storage, text);
    first = false;
  });
  return { theme, shortcuts };
}

function read(storage: PreferenceStorage | undefined): { readonly theme?: unknown; readonly shortcuts?: unknown } {
  try {
    const stored: unknown = JSON.parse(storage?.getItem(KEY) ?? '{}');
    return stored !== null && typeof stored === 'object' ? stored : {};
  } catch {
    return {}; // refused, or written by something else: the defaults
  }
}

function write(storage: PreferenceStorage | undefined, text: string): void {
  try {
    storage?.setItem(KEY, text);
  } catch {
    // refused or full: the choice holds for this page
  }
}
