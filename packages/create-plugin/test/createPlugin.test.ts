import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONTRACT_VERSION } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { createPlugin, nextSteps, readKind, TEMPLATE_KINDS } from '../src/index.ts';
import { TOOLS } from '../src/manifest.ts';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const newFolder = () => mkdtempSync(join(tmpdir(), 'ggdln-create-'));
const read = (folder: string, file: string) => readFileSync(join(folder, file), 'utf8');

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

describe.each(TEMPLATE_KINDS)('a new %s', (kind) => {
  const cwd = newFolder();
  const made = createPlugin({ kind, name: '@my-lab/my-own', cwd });
  const manifest = JSON.parse(read(made.folder, 'package.json')) as Manifest;

  it('bears its names everywhere and none of the template', () => {
    expect(made).toMatchObject({ folder: join(cwd, 'my-own'), entry: 'my-own' });
    expect(manifest.name).toBe('@my-lab/my-own');
    const source = read(made.folder, 'src/index.ts');
    expect(source).toContain("'my-own'");
    expect(source).toContain("'My own'");
    expect(source).toContain(`contract: '${CONTRACT_VERSION}'`);
    for (const file of made.files) expect(read(made.folder, file)).not.toMatch(/template/i);
    expect(read(made.folder, 'test/contract.test.js')).toContain("from '@my-lab/my-own'");
  });

  it('asks for every package that it imports, in ranges that the packages of this repository are in', () => {
    const { dependencies = {}, peerDependencies, devDependencies } = manifest;
    const imported = (file: string) => [...read(made.folder, file).matchAll(/from '((?:@[^/']+\/)?[^/'.:]+)/g)];
    const runs = imported('src/index.ts').map(([, name]) => name);
    expect(runs).toContain('@ggdln/core');
    for (const name of runs) expect({ ...dependencies, ...peerDependencies }, name).toHaveProperty([name]);
    const tests = imported('test/contract.test.js').map(([, name]) => name);
    const known = { ...dependencies, ...devDependencies, node: '', '@my-lab/my-own': '' };
    for (const name of tests.filter((name) => name !== 'node')) expect(known, name).toHaveProperty([name]);
    for (const [name, range] of Object.entries({ ...dependencies, ...devDependencies })) {
      if (!name.startsWith('@ggdln/')) continue;
      const folder = join(root, 'packages', name.slice('@ggdln/'.length));
      const { version } = JSON.parse(read(folder, 'package.json')) as Manifest;
      expect(range, name).toBe(`${version.split('.')[0]}.x`);
    }
  });

  it('says what comes next, with names that are right', () => {
    const readme = read(made.folder, 'README.md');
    for (const [command] of nextSteps(kind, 'my-own')) expect(readme).toContain(command);
    expect(readme.includes('experiment.yaml')).toBe(made.files.includes('experiment.yaml'));
    if (made.files.includes('experiment.yaml')) {
      expect(read(made.folder, 'experiment.yaml')).toMatch(/plugins: \[\.\][\s\S]*my-own/);
    }
  });
});

describe('createPlugin', () => {
  const make = (name: string, folder?: string, cwd = newFolder()) =>
    createPlugin({ kind: 'gating', name, cwd, ...(folder === undefined ? {} : { folder }) });

  it('takes another folder, also an empty one that is there', () => {
    const cwd = newFolder();
    mkdirSync(join(cwd, 'empty'));
    expect(make('rings', 'empty', cwd).folder).toBe(join(cwd, 'empty'));
    expect(make('rings', 'a/b', cwd).folder).toBe(join(cwd, 'a/b'));
  });

  it('touches nothing in a folder that has something', () => {
    const cwd = newFolder();
    mkdirSync(join(cwd, 'rings'));
    writeFileSync(join(cwd, 'rings/thesis.tex'), '42');
    expect(() => make('rings', undefined, cwd)).toThrow(/rings is not empty: it has thesis\.tex.*--dir/);
    expect(readdirSync(join(cwd, 'rings'))).toEqual(['thesis.tex']);
    expect(() => make('rings', 'rings/thesis.tex', cwd)).toThrow(/thesis\.tex is a file.*--dir/);
  });

  it.each([
    '',
    'My-Rings',
    'my rings',
    '../rings',
    '@lab',
    '@lab/',
    '@/rings',
    '9rings',
    'a/b/c',
    'x'.repeat(215),
    '.rings',
  ])('refuses the name %j', (name) => {
    const cwd = newFolder();
    expect(() => make(name, undefined, cwd)).toThrow(/is no name for a plugin.*my-rings or @my-lab\/rings/);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('says where it could not write', () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, 'file'), '');
    expect(() => make('rings', 'file/rings', cwd)).toThrow(
      expect.objectContaining({
        code: 'GGDLN_STORAGE',
        message: expect.stringMatching(/file\/rings can't be written.*--dir/),
      }),
    );
    expect(existsSync(join(cwd, 'file/rings'))).toBe(false);
  });

  it.runIf(process.platform === 'linux')('says so at once where the system refuses folders', () => {
    expect(() => make('rings', '/proc/none', newFolder())).toThrow(/\/proc\/none can't be written: .*--dir/);
    expect(() => make('rings', '/proc/none/rings', newFolder())).toThrow(
      /\/proc\/none\/rings can't be written: .*--dir/,
    );
  });

  it('names the nearest kind', () => {
    expect(() => readKind('here', 'gatting')).toThrow(/unknown kind of plugin "gatting"\. Did you mean gating\?/);
    expect(readKind('here', 'panel')).toBe('panel');
  });

  it('has tools of the versions that this repository is built with', () => {
    const workspace = read(root, 'pnpm-workspace.yaml');
    const listed = (name: string) => new RegExp(`^ +"?${name}"?: [~^]?([0-9.]+)`, 'm').exec(workspace)?.[1];
    expect(TOOLS.typescript).toBe(`^${listed('typescript')}`);
    expect(TOOLS.jsdom).toBe(`^${listed('jsdom')}`);
    expect(TOOLS.tensorFlow).toBe(`^${listed('@tensorflow/tfjs-core')}`);
  });
});
