import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { assemblePages } from '../build/assemble.ts';
import { type Example, examplesOf, markOf, missingLines } from '../build/examples.ts';

// Every command that a page marks as run is run, in order, in an empty folder with the files of that page.

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ggdln-docs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const commands = join(folder, 'bin');
mkdirSync(commands);
writeFileSync(
  join(commands, 'ggdln'),
  `#!/bin/sh\nexec "${process.execPath}" "${root}/packages/cli/dist/bin.js" "$@"\n`,
);
chmodSync(join(commands, 'ggdln'), 0o755);
const env = { ...process.env, PATH: `${commands}${delimiter}${process.env.PATH}` };

const hasNumpy = spawnSync('python3', ['-c', 'import numpy']).status === 0;
if (!hasNumpy) process.stdout.write('Python examples of the docs are not run: there is no python3 with NumPy\n');

const pages = assemblePages(root)
  .filter(({ file }) => file.startsWith('apps/docs/'))
  .map(({ path, markdown }) => ({ path, examples: examplesOf(markdown) }))
  .filter(({ examples }) => examples.some(isRun));

describe('commands of the pages', () => {
  it('are there', () => expect(pages.length).toBeGreaterThan(8));

  it.each(pages.map(({ path, examples }) => [path, examples] as const))('%s', (path, examples) => {
    const at = join(folder, path.replaceAll(/\W/g, '-'));
    mkdirSync(at);
    let said = '';
    for (const example of examples) {
      const file = markOf(example, 'file');
      if (file !== undefined) writeFileSync(join(at, file), `${example.code}\n`);
      if (isRun(example)) said = run(example, at, `${path}:${example.line}`);
      if (example.marks.includes('says') && example.language === 'text' && said !== '')
        expect(missingLines(example, said), `${path}:${example.line}\n${said}`).toEqual([]);
    }
  });
});

function isRun({ language, marks }: Example): boolean {
  return marks.includes('run') && (language === 'sh' || (language === 'python' && hasNumpy));
}

/** What the example says on both streams. */
function run(example: Example, cwd: string, where: string): string {
  const [program, ...args] = example.language === 'sh' ? ['sh', '-c'] : ['python3', '-c'];
  const { status, stdout, stderr } = spawnSync(program, [...args, example.code], { cwd, env, encoding: 'utf8' });
  const said = `${stdout}${stderr}`;
  expect(status, `${where}\n${said}`).toBe(Number(markOf(example, 'exit') ?? 0));
  return said;
}
