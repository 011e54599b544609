import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Bundles the child process from sources, everything included. @returns A new folder that holds `child.js`. */
export async function bundleChild(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'ggdln-fuzz-'));
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, resolve: { conditions: ['@ggdln/source', 'module', 'node', 'import', 'default'] } },
    build: {
      ssr: fileURLToPath(new URL('./child.ts', import.meta.url)),
      outDir: folder,
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'child.js', format: 'es' } },
    },
  });
  return folder;
}
