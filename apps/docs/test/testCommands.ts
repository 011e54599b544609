import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { assemblePages } from '../build/assemble.ts';
import { type Example, examplesOf, markOf, missingLines } from '../build/examples.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const hasNumpy = spawnSync('python3', ['-c', 'import numpy']).status === 0;

/**
 * Runs every command that the pages mark as run, in order, in an empty folder with the files of that page; compares exit
 * codes, and what was said with what the page says.
 * @param chosen Which pages.
 */
export function testCommands(chosen: (path: string) => boolean): void {
  if (!hasNumpy) process.stdout.write('Python examples of the docs are not run: there is no python3 with NumPy\n');
  const folder = mkdtempSync(join(tmpdir(), 'ggdln-docs-'));
  const env = { ...process.env, PATH: `${commandsIn(folder)}${delimiter}${process.env.PATH}` };
  const pages = assemblePages(root)
    .filter(({ path, file }) => file.startsWith('apps/docs/') && chosen(path))
    .map(({ path, markdown }) => ({ path, examples: examplesOf(markdown) }))
    .filter(({ examples }) => examples.some(isRun));
  describe('commands of the pages', () => {
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    it('are there', () => expect(pages.length).toBeGreaterThan(2));
    it.each(pages.map(({ path, examples }) => [path, examples] as const))('%s', (path, examples) => {
      const cwd = join(folder, path.replaceAll(/\W/g, '-'));
      mkdirSync(cwd);
      runPage(path, examples, cwd, env);
    });
  });
}

/** A folder with the built `ggdln` command in it. */
function commandsIn(folder: string): string {
  const commands = join(folder, 'bin');
  mkdirSync(commands);
  const script = `#!/bin/sh\nexec "${process.execPath}" "${root}/packages/cli/dist/bin.js" "$@"\n`;
  writeFileSync(join(commands, 'ggdln'), script);
  chmodSync(join(commands, 'ggdln'), 0o755);
  return commands;
}

function runPage(path: string, examples: readonly Example[], cwd: string, env: NodeJS.ProcessEnv): void {
  let said: string | undefined;
  for (const example of examples) {
    const where = `${path}:${example.line}`;
    const file = markOf(example, 'file');
    if (file !== undefined) writeFileSync(join(cwd, file), `${example.code}\n`);
    if (isRun(example)) said = run(example, cwd, env, where);
    else if (example.marks.includes('run')) said = undefined;
    else if (example.marks.includes('says') && said !== undefined)
      expect(missingLines(example, said), `${where}\n${said}`).toEqual([]);
  }
}

function isRun({ language, marks }: Example): boolean {
  return marks.includes('run') && (language === 'sh' || (language === 'python' && hasNumpy));
}

/** What the example says on both streams. */
function run(example: Example, cwd: string, env: NodeJS.ProcessEnv, where: string): string {
  const [program, ...args] = example.language === 'sh' ? ['sh', '-e', '-c'] : ['python3', '-c'];
  const { status, stdout, stderr } = spawnSync(program, [...args, example.code], { cwd, env, encoding: 'utf8' });
  const said = `${stdout}${stderr}`;
  expect(status, `${where}\n${said}`).toBe(Number(markOf(example, 'exit') ?? 0));
  return said;
}
