import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Preferences } from '../state/preferences.ts';

export type ThemeName = 'light' | 'dark';

/**
 * The theme that shows: the one that was chosen, else the system's, which is followed. Keeps `data-theme` of the page and
 * the colour of the browser's frame up to date.
 */
export function followTheme({ theme }: Preferences, window: Window): ReadonlySignal<ThemeName> {
  const query = window.matchMedia('(prefers-color-scheme: dark)');
  const system = signal<ThemeName>(query.matches ? 'dark' : 'light');
  query.addEventListener('change', () => {
    system.value = query.matches ? 'dark' : 'light';
  });
  const shown = computed(() => (theme.value === 'system' ? system.value : theme.value));
  effect(() => {
    const root = window.document.documentElement;
    root.dataset.theme = shown.value;
    const color = window.getComputedStyle(root).getPropertyValue('--surface').trim();
    window.document.querySelector('meta[name="theme-color"]')?.setAttribute('content', color);
  });
  return shown;
}
