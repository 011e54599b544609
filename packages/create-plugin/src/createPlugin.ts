import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONTRACT_VERSION, GgdlnError, inputError } from '@ggdln/core';
import { makeFolder } from '@ggdln/core/node';
import { contractTest } from './contractTest.ts';
import { experiment } from './experiment.ts';
import type { TemplateKind } from './kinds.ts';
import { manifest } from './manifest.ts';
import { readme } from './readme.ts';

const where = 'ggdln plugins new';

/** What is to be made. */
export interface NewPlugin {
  readonly kind: TemplateKind;
  /** Of the package, e.g. `my-rings` or `@my-lab/rings`; the entry is called as the part after the slash. */
  readonly name: string;
  /** Where to. Default: a folder of the entry's name in `cwd`. */
  readonly folder?: string;
  /** What relative folders mean. */
  readonly cwd: string;
}

/** What was made. */
export interface CreatedPlugin {
  /** Absolute path. */
  readonly folder: string;
  /** Name of the entry, for `--gating NAME` and experiment files. */
  readonly entry: string;
  /** Relative paths, in the order in which they were written. */
  readonly files: readonly string[];
}

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2023', 'DOM'],
    module: 'NodeNext',
    strict: true,
    verbatimModuleSyntax: true,
    declaration: true,
    skipLibCheck: true,
    types: [],
    rootDir: 'src',
    outDir: 'dist',
  },
  include: ['src'],
};

/**
 * Makes a new plugin: a package that builds, type-checks and keeps its contract, to be changed from there.
 * @throws GGDLN_INPUT for a name that npm refuses or a folder that isn't empty; GGDLN_STORAGE where it can't be written.
 */
export function createPlugin({ kind, name, folder: given, cwd }: NewPlugin): CreatedPlugin {
  const entry = entryName(name);
  const folder = resolve(cwd, given ?? entry);
  requireEmpty(folder);
  const files = Object.entries(filesOf(kind, name, entry));
  try {
    for (const [path, content] of files) {
      makeFolder(dirname(join(folder, path)));
      writeFileSync(join(folder, path), content, { flag: 'wx' });
    }
  } catch (cause) {
    throw new GgdlnError({
      code: 'GGDLN_STORAGE',
      where,
      problem: `${folder} can't be written: ${(cause as Error).message}`,
      remedy: 'Give another folder with --dir',
      cause,
    });
  }
  return { folder, entry, files: files.map(([path]) => path) };
}

function filesOf(kind: TemplateKind, name: string, entry: string): Readonly<Record<string, string>> {
  const template = readFileSync(fileURLToPath(new URL(`../templates/${kind}.ts`, import.meta.url)), 'utf8');
  const source = template
    .replaceAll('ggdln-plugin-template', name)
    .replaceAll('template-entry', entry)
    .replaceAll('Template title', titleOf(entry))
    .replace(/contract: '[^']*'/, `contract: '${CONTRACT_VERSION}'`);
  const run = experiment(kind, entry);
  return {
    'package.json': manifest(kind, name),
    'tsconfig.json': `${JSON.stringify(TSCONFIG, null, 2)}\n`,
    'src/index.ts': source,
    'test/contract.test.js': contractTest(kind, name),
    ...(run === undefined ? {} : { 'experiment.yaml': run }),
    'README.md': readme(kind, name, entry),
    '.gitignore': 'node_modules/\ndist/\n*.tgz\nresults/\n',
  };
}

/** `my-rings` → `My rings`. */
function titleOf(entry: string): string {
  const words = entry.replace(/[-._]+/g, ' ').trim();
  return words[0].toUpperCase() + words.slice(1);
}

/** The part after the slash of a scope. */
function entryName(name: string): string {
  const fits = /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z][a-z0-9-]*$/.test(name) && name.length <= 214;
  if (fits) return name.split('/').at(-1) as string;
  throw inputError(
    where,
    `"${name}" is no name for a plugin`,
    'Give lower-case letters, digits and dashes, letters first, as npm wants it: my-rings or @my-lab/rings',
  );
}

function requireEmpty(folder: string): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw inputError(where, `${folder} is a file`, 'Give a folder with --dir');
  const [first] = readdirSync(folder);
  if (first === undefined) return;
  throw inputError(where, `${folder} is not empty: it has ${first}`, 'Give a new folder with --dir');
}
