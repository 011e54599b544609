import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeNpz } from '@ggdln/io';
import { describe, expect, it } from 'vitest';
import { ggdln, ggdlnHere, newFolder } from './runCommand.ts';

const TEXT = 'ggdln: 1\nname: race\nseed: 2\nstudy: { use: routing-race, domains: 3, partners: 2, epochs: 40 }\n';

function study(text = TEXT): { readonly folder: string; readonly file: string } {
  const folder = newFolder();
  const file = join(folder, 'race.yaml');
  writeFileSync(file, text);
  return { folder, file };
}

describe('ggdln run of a study', () => {
  it('writes table, arrays, figure and a file that gives the same bytes', async () => {
    const { folder, file } = study();
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    const first = await ggdln(['run', file, '--linalg', 'wasm', '--out', one]);
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toContain('untrained error');
    expect(decodeNpz(readFileSync(join(one, 'arrays.npz'))).gate.shape).toEqual([3, 3]);
    const again = await ggdlnHere(['run', join(one, 'spec.resolved.yaml'), '--linalg', 'wasm', '--out', two]);
    expect(again.code, again.stderr).toBe(0);
    for (const name of ['table.csv', 'table.json', 'diagnostics.csv', 'arrays.npz', 'figure.svg', 'provenance.json']) {
      expect(readFileSync(join(two, name)), name).toEqual(readFileSync(join(one, name)));
    }
  });

  it('gives the same bytes for any number of processes that simulate', async () => {
    const { folder, file } = study('ggdln: 1\nname: d\nstudy: { use: drift, width: 8, temperature: 5, pairs: 3 }\n');
    const tables: Buffer[] = [];
    for (const jobs of ['1', '2']) {
      const out = join(folder, jobs);
      const { code, stderr } = await ggdlnHere(['run', file, '--linalg', 'wasm', '--jobs', jobs, '--out', out]);
      expect(code, stderr).toBe(0);
      tables.push(readFileSync(join(out, 'table.json')));
    }
    expect(tables[1]).toEqual(tables[0]);
  });

  it('takes its options as flags, and shows them in a dry run', async () => {
    const { file } = study();
    const shown = await ggdlnHere(['run', file, '--dry-run', '--json', '--seed', '5', '--study.start', '0.3']);
    expect(JSON.parse(shown.stdout)).toMatchObject({
      seed: 5,
      use: 'routing-race',
      options: { start: 0.3, domains: 3 },
    });
    const help = await ggdlnHere(['run', file, '--help']);
    expect(help.stdout).toContain('--study.networks N');
  });

  it('refuses what it does not know, and studies among parts', async () => {
    const { file } = study();
    const unknown = await ggdlnHere(['run', file, '--set', 'study.strat=1']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('Did you mean start?');
    const mixed = await ggdlnHere(['run', study(`${TEXT}sweep: { temperature: [1, 2] }\n`).file]);
    expect(mixed.code).toBe(2);
    expect(mixed.stderr).toMatch(/race\.yaml:5:1.*"sweep" is given too/s);
  });
});
