import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Version of an installed package, as seen from a folder or else from this command; `undefined` when there is none. */
export function packageVersion(name: string, cwd: string): string | undefined {
  const own = createRequire(import.meta.url);
  // Most built-in plugins come along with that package.
  const places = [join(cwd, 'package.json'), import.meta.url, own.resolve('@ggdln/standard/package.json')];
  for (const from of places) {
    try {
      const file = createRequire(from).resolve(`${name}/package.json`);
      return (JSON.parse(readFileSync(file, 'utf8')) as { version?: string }).version;
    } catch {
      // not there
    }
  }
  return undefined;
}
