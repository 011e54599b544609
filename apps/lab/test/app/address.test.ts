import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followAddress } from '../../src/app/address.ts';
import { isLink } from '../../src/state/urlState.ts';
import { fakeWindow } from '../fakes/fakeWindow.ts';
import { startLab } from '../fakes/startLab.ts';

const SETTLED_MS = 1000;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function start() {
  const { lab, store, told } = startLab();
  const { window, goTo, deliver } = fakeWindow();
  const route = followAddress(lab, window);
  return { store, told, window, goTo, deliver, route };
}

test('edits go into the address when they have settled', () => {
  const { store, window } = start();
  expect(window.location.hash).toBe('');
  store.edit({ seed: 1 });
  expect(window.location.hash).toBe('');
  vi.advanceTimersByTime(SETTLED_MS);
  expect(isLink(window.location.hash)).toBe(true);
});

test('an edit that settles while a page is asked for does not take the page away', () => {
  const { store, window, goTo, deliver, route } = start();
  store.edit({ seed: 1 });
  goTo('#keyboard');
  vi.advanceTimersByTime(SETTLED_MS);
  deliver();
  expect(window.location.hash).toBe('#keyboard');
  expect(route.value).toEqual({ page: 'keyboard' });
});

test('an edit that settles while the lab is asked for waits until the lab is there', () => {
  const { store, window, goTo, deliver, route } = start();
  goTo('#gallery');
  deliver();
  store.edit({ seed: 1 });
  goTo('#/');
  vi.advanceTimersByTime(SETTLED_MS);
  expect(window.location.hash).toBe('#/');
  deliver();
  expect(route.value).toEqual({ page: 'lab' });
  vi.advanceTimersByTime(SETTLED_MS);
  expect(isLink(window.location.hash)).toBe(true);
});

test('a link of the page’s own that meets an event on its way is not opened again', () => {
  const { store, told, window, goTo, deliver } = start();
  store.edit({ seed: 1 });
  const before = [...told];
  goTo('#/');
  vi.advanceTimersByTime(SETTLED_MS);
  deliver();
  expect(isLink(window.location.hash)).toBe(true);
  expect(told).toEqual(before);
});

test('a link that is followed is opened', () => {
  const { store, told, window, goTo, deliver } = start();
  store.edit({ seed: 7 });
  vi.advanceTimersByTime(SETTLED_MS);
  const link = window.location.hash;
  store.edit({ seed: 8 });
  vi.advanceTimersByTime(SETTLED_MS);
  goTo(link);
  deliver();
  expect(store.state.value.spec.seed).toBe(7);
  expect(told.at(-1)).toBe('open start 7');
});
