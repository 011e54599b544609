import { type ReadonlySignal, signal } from '@preact/signals';

/** Whether the page can be opened again without a connection. */
export interface Offline {
  readonly state: ReadonlySignal<'unknown' | 'kept' | 'offline' | 'new version'>;
}

/**
 * Registers the service worker that keeps the page for later, where the browser has them, and follows what it has. A new
 * version waits until every page of the old one is closed, so that no run loses its code halfway.
 * @param url Of the worker; absent while developing.
 */
export function followOffline(window: Window, url: string | undefined): Offline {
  const state = signal<'unknown' | 'kept' | 'offline' | 'new version'>('unknown');
  const { navigator } = window;
  if (url === undefined || !('serviceWorker' in navigator)) return { state };
  let kept = false;
  const update = (registration: ServiceWorkerRegistration) => {
    kept ||= registration.active !== null;
    if (!navigator.onLine && kept) state.value = 'offline';
    else if (registration.waiting !== null && registration.active !== null) state.value = 'new version';
    else if (kept) state.value = 'kept';
  };
  navigator.serviceWorker
    .register(url)
    .then(async (registration) => {
      const follow = () => update(registration);
      registration.addEventListener('updatefound', () => {
        registration.installing?.addEventListener('statechange', follow);
      });
      window.addEventListener('online', follow);
      window.addEventListener('offline', follow);
      await navigator.serviceWorker.ready;
      update(registration);
    })
    .catch(() => undefined); // private windows and plain http refuse; the page works without
  return { state };
}
