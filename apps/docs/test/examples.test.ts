import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createRegistry } from '@ggdln/core';
import { parseSpec, parseStudy, resolveSpec, resolveStudy } from '@ggdln/experiments';
import { standardPlugins } from '@ggdln/standard';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { assemblePages } from '../build/assemble.ts';
import { type Example, examplesOf, markOf, missingLines } from '../build/examples.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const registry = createRegistry(standardPlugins);
const examples = assemblePages(root)
  .filter(({ file }) => file.startsWith('apps/docs/'))
  .flatMap(({ path, markdown }) =>
    examplesOf(markdown).map((example, i, all) => ({ path, example, next: all[i + 1] })),
  );

mkdirSync(join(root, 'apps/docs/.site'), { recursive: true });
const folder = mkdtempSync(join(root, 'apps/docs/.site/examples-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('experiment files of the pages', () => {
  const files = examples.filter(({ example }) => example.language === 'yaml');

  it('are there', () => expect(files.length).toBeGreaterThan(15));

  it.each(files.map(({ path, example }) => [path, example.line, example] as const))(
    '%s:%i resolves',
    (path, _line, example) => {
      const name = markOf(example, 'file') ?? path;
      const study = parseStudy(example.code, name);
      if (study) resolveStudy(study, registry);
      else resolveSpec(parseSpec(example.code, name), registry);
    },
  );
});

describe('programs of the pages', () => {
  const programs = examples.filter(({ example }) => example.language === 'ts' && example.marks.includes('run'));

  it('are there', () => expect(programs.length).toBeGreaterThan(2));

  it.each(programs.map(({ path, example, next }) => [path, example.line, example, next] as const))(
    '%s:%i runs and says what the page says',
    async (path, line, example, next: Example | undefined) => {
      const file = join(folder, `${path.replaceAll(/\W/g, '-')}-${line}.ts`);
      writeFileSync(file, example.code);
      const said: string[] = [];
      const log = vi.spyOn(console, 'log').mockImplementation((...words) => said.push(words.join(' ')));
      await import(/* @vite-ignore */ pathToFileURL(file).href).finally(() => log.mockRestore());
      expect(said.length).toBeGreaterThan(0);
      if (next?.marks.includes('says')) expect(missingLines(next, said.join('\n'))).toEqual([]);
    },
  );
});
