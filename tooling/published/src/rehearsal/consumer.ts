import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { LocalRegistry } from './registry.ts';
import type { Released } from './release.ts';
import { shell } from './shell.ts';

export type PackageManager = 'npm' | 'pnpm';

/** What a user on Node 20 adds: the checks' own imports, a compiler, and a peer whose next line needs Node 22. */
const FURTHER = {
  '@tensorflow/tfjs-core': '^4.22.0',
  '@types/node': '^20.19.0',
  typescript: '~6.0.3',
  vitest: '^4.1.0',
};

/** Programs of the project, and our packages. The types of TensorFlow.js 4.22 pass no current compiler by themselves. */
const OURS = /^(?!node_modules)|^node_modules\/(?:\.pnpm\/.*)?@ggdln\//;

/** A fresh project that depends on every published package. */
export async function makeConsumer(
  folder: string,
  manager: { readonly name: PackageManager; readonly pnpm: string },
  packages: readonly Released[],
  registry: LocalRegistry,
): Promise<void> {
  mkdirSync(folder);
  const dependencies = { ...FURTHER, ...Object.fromEntries(packages.map(({ name, version }) => [name, version])) };
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, type: 'module', dependencies }),
  );
  // Everything else comes from wherever the user's packages come from.
  writeFileSync(join(folder, '.npmrc'), `@ggdln:registry=${registry.url}\n`);
  cpSync(fileURLToPath(new URL('../consumer', import.meta.url)), folder, { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><script type="module" src="/page.ts"></script>\n');
  const [command, args] =
    manager.name === 'npm'
      ? ['npm', ['install', '--no-audit', '--no-fund', '--prefer-offline']]
      : ['npx', ['--yes', manager.pnpm, 'install', '--prefer-offline', '--store-dir', join(folder, '.store')]];
  await shell(command as string, args as string[], { cwd: folder, env: { CI: 'true' } });
}

/**
 * Compiles the project's programs, checking the types of every package.
 * @param out Folder for JavaScript; without one there is none.
 * @returns What the compiler has to say about the programs and our packages.
 */
export async function compile(folder: string, module: string, resolution: string, out?: string): Promise<string[]> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
  const flags = [
    '--module',
    module,
    '--moduleResolution',
    resolution,
    '--target',
    'ES2022',
    '--strict',
    '--pretty',
    'false',
  ];
  const lib = ['--lib', 'ES2023,DOM,DOM.Iterable,DOM.AsyncIterable', '--types', 'node'];
  const emit = out === undefined ? ['--noEmit', '--allowImportingTsExtensions'] : ['--outDir', out];
  const rewrite = out === undefined ? [] : ['--rewriteRelativeImportExtensions'];
  const tsc = join(folder, 'node_modules/typescript/bin/tsc');
  const said = spawnSync(process.execPath, [tsc, ...flags, ...lib, ...emit, ...rewrite, ...files], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  }).stdout;
  return said.split('\n').filter((line) => /error TS\d+/.test(line) && OURS.test(line));
}

/** Bundles the project's page. @returns The folder of what a server has to serve. */
export async function bundlePage(folder: string): Promise<string> {
  await build({ root: folder, configFile: false, logLevel: 'error', worker: { format: 'es' } });
  return join(folder, 'dist');
}

/** The different places of a package in a project's tree. */
export function copiesOf(folder: string, name: string): string[] {
  const places = new Set<string>();
  const seen = new Set<string>();
  const visit = (modules: string) => {
    if (!existsSync(modules) || seen.has(realpathSync(modules))) return;
    seen.add(realpathSync(modules));
    if (existsSync(join(modules, name, 'package.json'))) places.add(realpathSync(join(modules, name)));
    for (const place of packagesIn(modules)) visit(join(place, 'node_modules'));
  };
  visit(join(folder, 'node_modules'));
  return [...places];
}

/** Packages of a `node_modules`, those of scopes and of pnpm's own folder included. */
function packagesIn(modules: string): string[] {
  return readdirSync(modules).flatMap((name) => {
    const place = join(modules, name);
    if (name === '.pnpm') return readdirSync(place).map((entry) => join(place, entry));
    return name.startsWith('@') ? readdirSync(place).map((entry) => join(place, entry)) : [place];
  });
}
