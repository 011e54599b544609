// The page's service worker. Every file of one version is fetched once and kept together; a page gets all of its files
// from one version, and a new version takes over when the pages of the old one are closed.
const VERSION = '__VERSION__';
const FILES = ['__FILES__'];
const CACHE = `ggdln-lab-${VERSION}`;

self.addEventListener('install', (event) => {
  // Past the browser's own cache, so that files of two versions never mix.
  const requests = FILES.map((file) => new Request(file, { cache: 'reload' }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)));
});

self.addEventListener('activate', (event) => {
  const clean = caches
    .keys()
    .then((names) => names.filter((name) => name.startsWith('ggdln-lab-') && name !== CACHE))
    .then((old) => Promise.all(old.map((name) => caches.delete(name))));
  event.waitUntil(clean.then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(kept(request));
});

async function kept(request) {
  const cache = await caches.open(CACHE);
  const page = request.mode === 'navigate' ? './' : request;
  return (await cache.match(page, { ignoreSearch: true })) ?? fetch(request);
}
