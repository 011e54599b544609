import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { GgdlnError, inputError, type Plugin } from '@ggdln/core';

const where = 'ggdln --plugin';

/**
 * Loads plugins from files, folders or installed packages; each module exports its plugin by the name `plugin`.
 * Only this and a spec file's `plugins:` list ever load code.
 * @param specifiers Paths (relative to `from`) or package names.
 * @param from Folder that paths and package names are resolved from.
 * @throws GGDLN_INPUT naming what was looked for and where.
 */
export async function loadPlugins(specifiers: readonly string[], from: string): Promise<Plugin[]> {
  return Promise.all(specifiers.map((specifier) => loadPlugin(specifier, from)));
}

async function loadPlugin(specifier: string, from: string): Promise<Plugin> {
  const file = locate(specifier, from);
  const module = await importModule(file, specifier);
  if (typeof module.plugin !== 'object' || module.plugin === null) {
    const exported = Object.keys(module).join(', ') || 'nothing';
    throw inputError(
      where,
      `${specifier} exports ${exported}, but no \`plugin\``,
      'A plugin module has `export const plugin = { name, contract, … }`',
    );
  }
  return module.plugin as Plugin;
}

async function importModule(file: string, specifier: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (cause) {
    const hint = file.endsWith('.ts') ? 'Build it to JavaScript first' : 'Run it with `node` to see where it stops';
    throw new GgdlnError({
      code: 'GGDLN_INPUT',
      where,
      problem: `${specifier} can't be loaded: ${(cause as Error).message}`,
      remedy: hint,
      cause,
    });
  }
}

function locate(specifier: string, from: string): string {
  const path = resolve(from, specifier);
  if (existsSync(path)) return statSync(path).isDirectory() ? folderEntry(path, specifier) : path;
  if (/^[./]|^[A-Za-z]:/.test(specifier))
    throw inputError(
      where,
      `there is no file or folder ${path}`,
      'Give a path to a module or folder, or the name of an installed package',
    );
  try {
    return createRequire(join(from, 'package.json')).resolve(specifier);
  } catch (cause) {
    throw new GgdlnError({
      code: 'GGDLN_INPUT',
      where,
      problem: `the package ${specifier} is not installed in ${from} and no such path exists`,
      remedy: `Run \`npm install ${specifier}\``,
      cause,
    });
  }
}

/** The module of a package folder: `exports["."]`, else `main`, else index.js. */
function folderEntry(folder: string, specifier: string): string {
  const manifest = join(folder, 'package.json');
  const { exports: map, main } = existsSync(manifest)
    ? (JSON.parse(readFileSync(manifest, 'utf8')) as { exports?: unknown; main?: string })
    : {};
  const file = join(folder, conditionTarget(map) ?? main ?? 'index.js');
  if (!existsSync(file))
    throw inputError(where, `${specifier} points to ${file}, which does not exist`, 'Build the plugin first');
  return file;
}

function conditionTarget(map: unknown): string | undefined {
  if (typeof map === 'string') return map;
  if (typeof map !== 'object' || map === null) return undefined;
  const conditions = map as Record<string, unknown>;
  return conditionTarget(conditions['.'] ?? conditions.node ?? conditions.import ?? conditions.default);
}
