import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ggdlnHere, newFolder } from './runCommand.ts';

const desk = newFolder();
const BROKEN = `export const plugin = {
  name: 'broken-rings',
  contract: '1.0.0',
  gating: {
    rings: {
      title: 'Rings',
      summary: 'Gates that look at the whole batch.',
      options: { level: { type: 'number', title: 'Level', default: 0, help: 'Opens above it.' } },
      create: ({ level }) => ({
        fit: (X) => ({ inputs: X.cols }),
        gates: (state, X) => ({
          values: { rows: X.rows, cols: 1, data: Float64Array.from({ length: X.rows }, () => X.data[0] + level) },
          names: ['first'],
        }),
      }),
    },
  },
};`;

beforeAll(() => {
  mkdirSync(join(desk, 'files'));
  writeFileSync(join(desk, 'broken.mjs'), BROKEN);
  writeFileSync(join(desk, 'newer.mjs'), BROKEN.replace("'1.0.0'", "'1.999.0'"));
});

const run = (...args: string[]) => ggdlnHere(['plugins', ...args], desk);

describe('ggdln plugins test', () => {
  it('prints a line for each check, what is wrong beneath those that fail, and a summary; exit code 1', async () => {
    const { code, stdout } = await run('test', 'broken.mjs');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✓ plugin broken-rings: is a plugin for this contract$/m);
    expect(stdout).toMatch(/^✗ gating rings: gives an input the same gates alone as in a batch\n {4}gates of input/m);
    expect(stdout).toMatch(
      /^✗ gating rings: refuses inputs of another dimension.*\n {4}.*expected an error whose code/m,
    );
    const [, passed, failed] = /^broken-rings: (\d+) passed, (\d+) failed$/m.exec(stdout) ?? [];
    expect(stdout.match(/^✓/gm)).toHaveLength(Number(passed));
    expect(stdout.match(/^✗/gm)).toHaveLength(Number(failed));
  });

  it('shows failures alone with --quiet, and one document with --json', async () => {
    const quiet = await run('test', 'broken.mjs', '--quiet');
    expect(quiet.stdout).not.toContain('✓');
    const { code, stdout } = await run('test', 'broken.mjs', '--json');
    expect(code).toBe(1);
    const { plugin, contract, checks } = JSON.parse(stdout) as {
      plugin: string;
      contract: string;
      checks: { kind: string; name: string; check: string; status: string; reason?: string }[];
    };
    expect([plugin, contract]).toEqual(['broken-rings', '1.0.0']);
    expect(quiet.stdout.match(/^✗/gm)).toHaveLength(checks.filter(({ status }) => status === 'failed').length);
    for (const { status, reason } of checks) expect(reason === undefined).toBe(status === 'passed');
  });

  it('takes options of entries, and says which there are', async () => {
    const refused = await run('test', 'broken.mjs', '--set', 'gating.rings.height=3');
    expect(refused.stdout).toMatch(/unknown option.*height.*level/);
    expect((await run('test', 'broken.mjs', '--set', 'gating.ring.level=3')).stderr).toMatch(
      /has no gating "ring"\. It has rings/,
    );
    expect((await run('test', 'broken.mjs', '--set', 'level=3')).stderr).toMatch(/KIND\.NAME\.OPTION=VALUE/);
  });

  it('reports a plugin for a newer contract, with what to do', async () => {
    const { code, stdout } = await run('test', 'newer.mjs', '--quiet');
    expect(code).toBe(1);
    expect(stdout).toMatch(/is written for contract 1\.999\.0.*Install a newer release of ggdln/);
    const listed = await run('list', '--plugin', './newer.mjs');
    expect(listed.code).toBe(2);
    expect(listed.stderr).toMatch(/broken-rings is written for contract 1\.999\.0.*Install a newer release of ggdln/);
  });

  it('asks for a plugin', async () => {
    expect((await run('test')).stderr).toMatch(/no plugin is named.*ggdln plugins test \./);
    expect((await run('test', './nowhere')).stderr).toMatch(/there is no file or folder/);
  });
});

describe('ggdln plugins list', () => {
  it('shows plugins with versions, contracts and kinds', async () => {
    const { stdout } = await run('list', '--plugin', './broken.mjs');
    expect(stdout).toMatch(/name +version +contract +entries/);
    expect(stdout).toMatch(/@ggdln\/gating +\d+\.\d+\.\d+ +1\.\d+\.\d+ +\d+ gating/);
    expect(stdout).toMatch(/broken-rings +1\.0\.0 +1 gating/);
    const entries = JSON.parse((await run('list', 'gating', '--json')).stdout) as {
      version: string;
      contract: string;
    }[];
    for (const { version, contract } of entries)
      expect(`${version} ${contract}`).toMatch(/^\d+\.\d+\.\d+ 1\.\d+\.\d+$/);
  });
});

describe('ggdln plugins new', () => {
  it('makes a package and says what comes next', async () => {
    const { code, stdout } = await run('new', 'theory', '@my-lab/wide');
    expect(code).toBe(0);
    expect(stdout).toMatch(/src\/index\.ts[\s\S]*cd wide[\s\S]*npm test +builds, type-checks/);
    const { folder, entry, next } = JSON.parse(
      (await run('new', 'theory', 'other', '--dir', 'there', '--json')).stdout,
    );
    expect([folder, entry, next[0]]).toEqual([join(desk, 'there'), 'other', 'npm install']);
  });

  it.each([
    [['new'], /no kind and name are given.*KIND is one of dataset, gating/],
    [['new', 'gatting', 'x'], /unknown kind of plugin "gatting"\. Did you mean gating/],
    [['new', 'gating', 'half-spaces'], /there is a gating "half-spaces" already, of @ggdln\/gating.*my-half-spaces/],
    [['new', 'gating', 'My Rings'], /"My Rings" is no name for a plugin/],
    [['new', 'gating', 'rings', 'more'], /too many words: more/],
    [['nwe', 'gating', 'rings'], /unknown action "nwe"\. Did you mean new/],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
