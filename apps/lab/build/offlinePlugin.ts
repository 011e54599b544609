import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { Plugin } from 'vite';

/** Files that are only fetched by who debugs. */
const LEFT_OUT = /\.map$/;

/**
 * Writes `offline.js` beside the built page: the service worker with the list of every file and a version that is the
 * hash of all of them, so that any change is a new version and nothing else is.
 * @param source Path of the worker's text; `__FILES__` and `__VERSION__` in it are replaced.
 */
export function offlinePlugin(source: string): Plugin {
  let folder = '';
  return {
    name: 'lab-offline',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    closeBundle() {
      const files = filesIn(folder).filter((file) => file !== 'offline.js' && !LEFT_OUT.test(file));
      const hash = createHash('sha256');
      for (const file of files) hash.update(file).update(readFileSync(join(folder, file)));
      const text = readFileSync(source, 'utf8')
        .replace("'__VERSION__'", JSON.stringify(hash.digest('hex').slice(0, 16)))
        .replace("['__FILES__']", JSON.stringify(['./', ...files.filter((file) => file !== 'index.html')]));
      writeFileSync(join(folder, 'offline.js'), text);
    },
  };
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
