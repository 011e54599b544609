import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Plugin } from 'vite';

/**
 * Lets the data that come with `@ggdln/datasets`, their licence notes included, travel with the app as `data/…`.
 * @param folder The package's `assets`.
 */
export function dataPlugin(folder: string): Plugin {
  const files = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  return {
    name: 'lab-data',
    generateBundle() {
      for (const file of files())
        this.emitFile({ type: 'asset', fileName: `data/${file}`, source: readFileSync(join(folder, file)) });
    },
    configureServer(server) {
      server.middlewares.use('/data', (request, response, next) => {
        const file = (request.url ?? '').slice(1).split('?')[0];
        if (!files().includes(file)) return next();
        response.setHeader('Content-Type', 'application/octet-stream');
        response.end(readFileSync(join(folder, file)));
      });
    },
  };
}
