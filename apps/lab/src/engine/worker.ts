import { createRegistry } from '@ggdln/core';
import { labPlugins } from '../plugins.ts';
import { createDesk } from './desk.ts';
import type { Report, Request } from './messages.ts';

/** The entry of every worker: what the page asks goes to the desk, what the desk tells goes to the page. */
const desk = createDesk({
  registry: createRegistry(labPlugins),
  loadPlugin: async (file) => (await import('../ownPlugins/browserLoader.ts')).loadPlugin(file),
  fetchFile: async (path, signal) => {
    const answer = await fetch(new URL(path, appRoot()), signal ? { signal } : {});
    // A server that knows no such file may answer with the page instead.
    if (!answer.ok || answer.headers.get('content-type')?.startsWith('text/html')) return undefined;
    return new Uint8Array(await answer.arrayBuffer());
  },
  post: (report: Report) => postMessage(report),
});

addEventListener('message', ({ data }: MessageEvent<Request>) => desk.ask(data));

/** Built workers lie in assets/, beside the page; while developing, in the sources. */
function appRoot(): URL {
  return import.meta.env.DEV ? new URL('/', location.href) : new URL('../', location.href);
}
