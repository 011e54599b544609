import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ggdln, ggdlnHere, newFolder } from './runCommand.ts';

describe('ggdln reproduce', () => {
  it('lists reproductions with their sources', async () => {
    const text = await ggdln(['reproduce', 'list']);
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/^ggdln\/width-mnist .*arXiv:2210\.17449/m);
    const json = JSON.parse((await ggdlnHere(['reproduce', 'list', '--json'])).stdout);
    expect(json.map(({ name }: { name: string }) => name)).toContain('bpkr/double-descent');
  });

  it('names the nearest reproduction and scale for misspelt ones', async () => {
    const name = await ggdlnHere(['reproduce', 'bpkr/tempreature']);
    expect(name).toMatchObject({ code: 2, stderr: expect.stringContaining('bpkr/temperature') });
    const scale = await ggdlnHere(['reproduce', 'bpkr/width', '--scale', 'qiuck']);
    expect(scale).toMatchObject({ code: 2, stderr: expect.stringContaining('quick') });
    expect((await ggdlnHere(['reproduce', 'bpkr/width', '--seed', 'x'])).stderr).toMatch(/--seed is x.*whole number/);
    expect((await ggdlnHere(['reproduce'])).stderr).toMatch(/ggdln reproduce list/);
  });

  it('writes files, prints a line a check, and ends with code 1 exactly when a check fails', async () => {
    const out = newFolder();
    const args = ['reproduce', 'bpkr/representations', '--scale', 'test', '--linalg', 'wasm', '--out', out];
    const { code, stdout } = await ggdlnHere(args);
    const folder = join(out, 'bpkr/representations');
    const { rows } = JSON.parse(readFileSync(join(folder, 'checks.json'), 'utf8')) as { rows: { pass: boolean }[] };
    expect(stdout.match(/^ {2}[✓✗] /gm)).toHaveLength(rows.length);
    expect(code).toBe(rows.every(({ pass }) => pass) ? 0 : 1);
    expect(existsSync(join(folder, 'figure.png'))).toBe(true);
    const json = JSON.parse((await ggdlnHere([...args, '--json'])).stdout);
    expect(json.reproductions[0]).toMatchObject({ name: 'bpkr/representations', scale: 'test', seed: 1 });
    expect(json.reproductions[0].checks).toHaveLength(rows.length);
  });

  it('computes points in processes of its own with the same numbers, its own plugins among them', async () => {
    const tables = [];
    for (const jobs of [[], ['--jobs', '2']]) {
      const out = newFolder();
      const args = ['reproduce', 'bpkr/sigma', '--scale', 'test', '--linalg', 'wasm', '--quiet', '--out', out, ...jobs];
      const { code, stderr } = await ggdlnHere(args);
      expect(code, stderr).toBe(0);
      tables.push(readFileSync(join(out, 'bpkr/sigma/table.json'), 'utf8'));
    }
    expect(tables[1]).toBe(tables[0]);
  });

  it('spreads ensembles of networks over processes with the same numbers', async () => {
    const arrays = [];
    for (const jobs of [[], ['--jobs', '2']]) {
      const out = newFolder();
      const args = ['reproduce', 'ndk/drift', '--scale', 'test', '--linalg', 'wasm', '--quiet', '--out', out, ...jobs];
      const { stderr } = await ggdlnHere(args);
      expect(stderr).not.toMatch(/GGDLN_/);
      arrays.push(readFileSync(join(out, 'ndk/drift/table.json'), 'utf8'));
    }
    expect(arrays[1]).toBe(arrays[0]);
  });

  it('refuses a number of processes that is none', async () => {
    const refused = await ggdlnHere(['reproduce', 'bpkr/sigma', '--jobs', '0']);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--jobs is 0. Give a whole number ≥ 1') });
  });
});
