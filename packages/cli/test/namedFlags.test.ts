import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../src/main.ts';

const GOOD = `ggdln: 1
name: trouble
temperature: 0.05
dataset: { use: noisy-teacher }
gating: { use: half-spaces }
architecture: { use: ggdln }
learners: [{ use: block-gibbs, sweeps: 100 }]
theories: [{ use: ggdln }]
`;

describe('what is wrong with a value', () => {
  let cwd = '';
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'ggdln-flags-'));
    writeFileSync(join(cwd, 'good.yaml'), GOOD);
    writeFileSync(join(cwd, 'typo.yaml'), GOOD.replace('half-spaces', 'half-space'));
    writeFileSync(join(cwd, 'study.yaml'), 'ggdln: 1\nname: s\nstudy: { use: routing-race }\n');
    writeFileSync(join(cwd, 'study-typo.yaml'), 'ggdln: 1\nname: s\nstudy: { use: routing-rac }\n');
  });
  afterAll(() => rmSync(cwd, { recursive: true }));

  async function saidBy(...argv: readonly string[]): Promise<{ said: string; code: number }> {
    let said = '';
    const err = (text: string) => {
      said += text;
    };
    const terminal = { out: () => {}, err, interactive: false, quiet: false };
    const code = await main(argv, { cwd, signal: new AbortController().signal, version: '0', terminal });
    return { said: said.trim(), code };
  }

  it.each([
    [['--seed', '-3'], '[--seed] seed: "-3" is not allowed. Give a whole number ≥ 0.'],
    [['good.yaml', '--seed', '-3'], '[--seed] seed: "-3" is not allowed. Give a whole number ≥ 0.'],
    [['study.yaml', '--seed', '-3'], '[--seed] seed: "-3" is not allowed. Give a whole number ≥ 0.'],
    [['good.yaml', '--set', 'architecture.width=0'], /^\[--set architecture\.width\] .*"0" is not allowed/],
    [['good.yaml', '--set', 'temperature=0.1,-2'], /^\[--set temperature\] .*"-2" is not allowed/],
    [['good.yaml', '--sweep', 'architecture.width=10,0'], /^\[--sweep architecture\.width\] .*0 is not allowed/],
    [['good.yaml', '--learners.block-gibbs.sweeps', '1'], /^\[--learners\.block-gibbs\.sweeps\] .*"1" is not allowed/],
    [['good.yaml', '--set', 'learners.nobody.sweeps=4'], /^\[--set learners\.nobody\.sweeps\] unknown name/],
    [['good.yaml', '--gating', 'foo'], /^\[--gating\] unknown gating "foo"/],
    [['study.yaml', '--set', 'study.start=1e99'], /^\[--set study\.start\] .*"1e99" is not allowed/],
    [['good.yaml', '--linalg', 'cuda'], /^\[--linalg\] unknown linear-algebra backend "cuda"/],
    [['good.yaml', '--set', '=3'], '[ggdln run] --set =3 has no path before "=". Write --set path=value.'],
  ])('that a flag gave names the flag: %j', async (argv, expected) => {
    const { said, code } = await saidBy('run', ...argv, '--dry-run');
    if (typeof expected === 'string') expect(said).toBe(expected);
    else expect(said).toMatch(expected);
    expect(code).toBe(2);
  });

  it.each([
    ['typo.yaml', '[typo.yaml:5:11] unknown gating "half-space"'],
    ['study-typo.yaml', '[study-typo.yaml:3:10] unknown study "routing-rac"'],
  ])('that the file has names its line, also with flags beside it: %s', async (file, expected) => {
    const { said, code } = await saidBy('run', file, '--seed', '5', '--dry-run');
    expect(said.startsWith(expected)).toBe(true);
    expect(code).toBe(2);
  });

  it.each([
    ['solve', ['ggdln', '--X', 'x.csv', '--Y', 'x.csv', '--width', '-1'], /^\[--width\] "-1" is not allowed/],
    ['solve', ['ggdln', '--X', 'x.csv', '--Y', 'x.csv', '--seed', '-3'], /^\[--seed\] "-3" is not allowed/],
    [
      'solve',
      ['ggdln', '--X', 'x.csv', '--Y', 'x.csv', '--temperature', '1e99'],
      /^\[--temperature\] "1e99" is too large/,
    ],
    ['k-path', ['--domains', '-1'], /^\[--domains\] "-1" is not allowed/],
    ['k-path', ['--optimizer', 'sdg'], /^\[--optimizer\] unknown value "sdg"\. Did you mean sgd/],
  ])('that a flag of %s gave names the flag: %j', async (command, argv, expected) => {
    writeFileSync(join(cwd, 'x.csv'), '1,2\n3,4\n');
    const { said, code } = await saidBy(command, ...argv);
    expect(said).toMatch(expected);
    expect(code).toBe(2);
  });

  it('is not looked for where a switch is off', async () => {
    expect((await saidBy('run', 'good.yaml', '--help=false', '--seed', '-3')).said).toMatch(/^\[--seed\]/);
  });

  it('such as a folder of runs that is not there is said', async () => {
    const { said, code } = await saidBy('runs', 'list', 'nowhere');
    expect(said).toContain(`there is no folder ${join(cwd, 'nowhere')}`);
    expect(code).toBe(2);
    expect((await saidBy('runs', 'list')).code).toBe(0);
  });
});
