import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeNpy, encodeNpz } from '@ggdln/io';
import { describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../src/exitCodes.ts';
import { ggdln, ggdlnHere, newFolder, start } from './runCommand.ts';

const folder = newFolder();
const file = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const spec = (changes: string) =>
  `ggdln: 1\nname: test\nseed: 1\ntemperature: 0.1\ndataset: { use: noisy-teacher }\ngating: { use: half-spaces }\narchitecture: { use: ggdln }\ntheories: [{ use: ggdln }]\n${changes}\n`;
const npy = (name: string, rows: number, cols: number, values?: number[]) =>
  file(
    name,
    encodeNpy({
      shape: [rows, cols],
      dtype: 'float64',
      data: Float64Array.from(values ?? Array.from({ length: rows * cols }, (_, i) => Math.sin(i))),
    }),
  );

const one = { shape: [1, 1], dtype: 'float64', data: Float64Array.of(1) } as const;
const X = npy('X.npy', 6, 3);
const Y = npy('Y.npy', 6, 1);
const gates = npy('gates.npy', 6, 2, [1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1]);
const solve = ['solve', 'ggdln', '--X', X, '--Y', Y, '--gates', gates];

describe('messages for what can’t be used', () => {
  it.each<[string, readonly string[], number, RegExp]>([
    ['unknown command', ['rnu'], EXIT_CODES.usage, /unknown command "rnu"\. Did you mean run or runs\?/],
    ['unknown flag', ['run', '--sede', '3'], EXIT_CODES.usage, /unknown flag "--sede"\. Did you mean --seed/],
    [
      'unknown gating',
      ['run', '--gating', 'half-space'],
      EXIT_CODES.usage,
      /unknown gating "half-space"\. Did you mean half-spaces/,
    ],
    ['unknown option', ['run', '--set', 'gating.gats=3'], EXIT_CODES.usage, /gats.*Did you mean gates/],
    [
      'option out of range',
      ['run', '--gating.gates', '0'],
      EXIT_CODES.usage,
      /"0" is not allowed\. Give a whole number ≥ 1/,
    ],
    [
      'negative σ',
      ['run', '--architecture.sigma', '-1'],
      EXIT_CODES.usage,
      /"-1" is not allowed\. Give a finite number > 0/,
    ],
    ['negative T', ['run', '--temperature', '-1'], EXIT_CODES.usage, /"-1" is not allowed\. Give a finite number ≥ 0/],
    ['P = 0', ['run', '--dataset.trainSize', '0'], EXIT_CODES.usage, /"0" is not allowed\. Give a whole number ≥ 1/],
    ['a folder for a spec', ['run', folder], EXIT_CODES.usage, /the experiment .* can't be read: EISDIR/],
    [
      'parts that do not fit, without running',
      ['run', '--architecture', 'mlp', '--dry-run'],
      EXIT_CODES.usage,
      /ggdln, infinite-width: this theory solves networks that are linear given fixed gates/,
    ],
    [
      'a network without gates and a gating, without running',
      ['run', '--architecture', 'mlp', '--dry-run'],
      EXIT_CODES.usage,
      /mlp: this network has no gates, and the gating half-spaces gives it some.*Use the gating "always-on"/,
    ],
    ['a spec that is not there', ['run', 'missing.yaml'], EXIT_CODES.usage, /there is no experiment .*missing\.yaml/],
    [
      'broken YAML',
      ['run', file('broken.yaml', 'ggdln: 1\nname: [a\n')],
      EXIT_CODES.usage,
      /broken\.yaml:\d+:\d+\].*not readable/,
    ],
    [
      'a wrong key, with its line',
      ['run', file('key.yaml', spec('theoris: []'))],
      EXIT_CODES.usage,
      /key\.yaml:9:1\].*theoris.*theories/,
    ],
    [
      'a wrong option, with its line',
      ['run', file('option.yaml', spec('').replace('half-spaces }', 'half-spaces, gtes: 3 }'))],
      EXIT_CODES.usage,
      /option\.yaml:6:\d+\].*gtes.*gates/,
    ],
    ['a folder that can’t be made', ['run', '--out', join(X, 'inside')], EXIT_CODES.storage, /can't be kept|ENOTDIR/],
    ['no plugin there', ['run', '--plugin', './nowhere'], EXIT_CODES.usage, /there is no file or folder .*nowhere/],
    [
      'an unknown backend',
      [...solve, '--linalg', 'wsam'],
      EXIT_CODES.usage,
      /unknown linear-algebra backend "wsam"\. Did you mean wasm/,
    ],
    ['missing arrays', ['solve', 'ggdln', '--X', X], EXIT_CODES.usage, /the array Y is missing/],
    [
      'rows that don’t fit',
      ['solve', 'ggdln', '--X', X, '--Y', npy('Y5.npy', 5, 1)],
      EXIT_CODES.usage,
      /Y is 5 × 1 but X is 6 × 3/,
    ],
    ['gates that don’t fit', [...solve.slice(0, 6), '--gates', npy('g5.npy', 5, 2)], EXIT_CODES.usage, /5 × 2.*6 × 2/],
    [
      'an array name that would be left out',
      ['solve', '--arrays', file('names.npz', encodeNpz({ Gates: one }))],
      EXIT_CODES.usage,
      /names\.npz\] unknown array "Gates"\. Did you mean gates/,
    ],
    [
      'more gate files than layers',
      [...solve, '--gates', gates],
      EXIT_CODES.usage,
      /2 arrays of gates .* for 1 hidden layers/,
    ],
    ['gates and a gating', [...solve, '--gating', 'half-spaces'], EXIT_CODES.usage, /gates are given and --gating too/],
    [
      'several arrays where one belongs',
      ['solve', '--X', file('one.npz', encodeNpz({ X: one }))],
      EXIT_CODES.usage,
      /several arrays\. Give --arrays/,
    ],
    [
      'a result that has nowhere to go',
      [...solve, '--out', join(folder, 'no', 'out.npz')],
      EXIT_CODES.storage,
      /out\.npz can't be written/,
    ],
    ['a folder that a system refuses', ['run', '--out', '/proc/ggdln'], EXIT_CODES.storage, /proc\/ggdln/],
    [
      'NaN in data',
      [
        'solve',
        'ggdln',
        '--X',
        npy(
          'nan.npy',
          6,
          3,
          Array.from({ length: 18 }, (_, i) => (i === 7 ? Number.NaN : i)),
        ),
        '--Y',
        Y,
        '--gates',
        gates,
      ],
      EXIT_CODES.usage,
      /NaN at row 2, column 1/,
    ],
    [
      'a solve that doesn’t converge',
      [...solve, '--maxIterations', '1', '--width', '10'],
      EXIT_CODES.numerical,
      /did not converge|not converged|iteration/i,
    ],
    [
      'a truncated array',
      [
        'solve',
        'ggdln',
        '--X',
        file('short.npy', encodeNpy({ shape: [4], dtype: 'float64', data: new Float64Array(4) }).subarray(0, 140)),
        '--Y',
        Y,
      ],
      EXIT_CODES.data,
      /short|truncated|bytes/,
    ],
    [
      'data that is not there',
      [
        'run',
        file('mnist.yaml', spec('').replace('noisy-teacher', 'mnist')),
        '--data',
        folder,
        '--out',
        join(folder, 'm'),
      ],
      EXIT_CODES.data,
      /train-images-idx3-ubyte/,
    ],
    ['an unknown dataset to fetch', ['data', 'fetch', 'mnits'], EXIT_CODES.usage, /Did you mean mnist/],
    ['a fixture that is not JSON', ['verify', file('no.json', '{')], EXIT_CODES.data, /no\.json can't be read as JSON/],
  ])('%s', async (_, args, code, message) => {
    const result = await ggdlnHere(args);
    expect(result.stderr).toMatch(message);
    expect(result.code).toBe(code);
    expect(result.stderr).not.toMatch(/defect of ggdln|at .*\.js:\d+/);
    expect(result.stdout).toBe('');
  });

  it.each<[string, readonly string[]]>([
    ['an unknown command', ['rnu']],
    ['missing arrays', ['solve', 'ggdln', '--X', X]],
    ['a solve that doesn’t converge', [...solve, '--maxIterations', '1', '--width', '10']],
    ['an unknown dataset', ['data', 'fetch', 'mnits', '--json']],
  ])('are the same from a process, with the code that it ends with: %s', async (_, args) => {
    expect(await ggdln(args)).toEqual(await ggdlnHere(args));
  });

  it('warns, and goes on, where the theory is outside its range or inputs have all gates off', async () => {
    const result = await ggdlnHere([...solve, '--width', '1']);
    expect(result.stderr).toMatch(/Warning: .*N/);
    expect(result.code).toBe(0);
    const dead = npy('dead.npy', 6, 2, [0, 0, 1, 1, 1, 0, 1, 1, 0, 0, 1, 1]);
    expect((await ggdlnHere([...solve.slice(0, 6), '--gates', dead])).stderr).toMatch(
      /Warning: .*2 .*(0, 4|all gates off)/,
    );
  });

  it('refuses a folder that another run is using', async () => {
    const out = join(folder, 'busy');
    mkdirSync(out);
    const long = ['run', '--out', out];
    // It holds still from there on, with the folder in its hands.
    const { child, finished, said } = start(long, { at: 'points:', signal: 'SIGSTOP' });
    await said;
    const second = await ggdlnHere(long);
    child.kill('SIGKILL');
    await finished;
    expect(second.stderr).toContain(`is in use by process ${child.pid}`);
    expect(second.code).toBe(EXIT_CODES.storage);
  });
});
