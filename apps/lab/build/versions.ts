import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Packages whose versions stand on the About page, ggdln itself first. */
const PACKAGES = ['preact', '@preact/signals', '@observablehq/plot', 'fflate', 'yaml'];

/**
 * Versions of what the page is built from, read from the packages as installed.
 * @param folder Of the lab.
 */
export function readVersions(folder: string): { readonly [name: string]: string } {
  const require = createRequire(join(folder, 'package.json'));
  const installed = PACKAGES.map((name): [string, string] => [
    name,
    versionAt(manifestOf(require.resolve(name), name)),
  ]);
  const core = join(folder, 'node_modules', '@ggdln', 'core', 'package.json');
  return { ggdln: versionAt(core), ...Object.fromEntries(installed) };
}

function versionAt(manifest: string): string {
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version;
}

/** The manifest above a module; not every package exports it by name. */
function manifestOf(module: string, name: string): string {
  for (let folder = dirname(module); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    try {
      if ((JSON.parse(readFileSync(manifest, 'utf8')) as { readonly name?: string }).name === name) return manifest;
    } catch {
      // no manifest in this folder
    }
  }
  throw new Error(`No package.json of ${name} above ${module}`);
}
