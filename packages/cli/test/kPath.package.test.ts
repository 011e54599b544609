import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeNpz, encodeNpz } from '@ggdln/io';
import { expect, it } from 'vitest';
import { ggdln, ggdlnHere, newFolder } from './runCommand.ts';

const DEFAULTS = {
  dataset: 'mnist-small',
  'dataset.pixels': '7',
  domains: '4',
  gate: '2_plus_mod_permute',
  linalg: 'wasm',
};

/** The command on small digits, with these flags besides or instead. */
const small = (flags: Readonly<Record<string, string>>): string[] => [
  'k-path',
  ...Object.entries({ ...DEFAULTS, ...flags }).flatMap(([name, value]) => [`--${name}`, value]),
];

const filesOf = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[]).filter((name) => statSync(join(folder, name)).isFile()).sort();

it('ends with the bytes of an undisturbed run after kill -9 at several moments', async () => {
  const folder = newFolder();
  const command = small({ epochs: '8', checkpointSteps: '3' });
  const calm = await ggdlnHere([...command, '--out', join(folder, 'calm')]);
  expect(calm.code, calm.stderr).toBe(0);
  const killed = [...command, '--out', join(folder, 'killed')];
  for (const epoch of [1, 3, 6]) {
    const cut = await ggdln(killed, { at: `epoch ${epoch}:` });
    expect(cut.code).toBeNull();
  }
  const last = await ggdlnHere(killed);
  expect(last.code, last.stderr).toBe(0);
  const [, steps] = /Goes on after (\d+) steps/.exec(last.stderr) ?? [];
  // Epoch 6 ends with step 120; less than 3 steps are lost.
  expect(Number(steps)).toBeGreaterThanOrEqual(117);
  expect(Number(steps)).toBeLessThan(160);
  const names = filesOf(join(folder, 'calm'));
  expect(names).toHaveLength(9);
  expect(filesOf(join(folder, 'killed'))).toEqual(names);
  for (const name of names) {
    expect(readFileSync(join(folder, 'killed', name)).equals(readFileSync(join(folder, 'calm', name))), name).toBe(
      true,
    );
  }
});

it('runs its spec.json again, goes on with more epochs, and refuses checkpoints of another run', async () => {
  const folder = newFolder();
  const [one, two] = [join(folder, 'one'), join(folder, 'two')];
  const first = await ggdln([...small({ epochs: '2', out: one }), '--json']);
  expect(first.code, first.stderr).toBe(0);
  expect(JSON.parse(first.stdout)).toMatchObject({ steps: 40, last: { epoch: 2 } });
  expect(JSON.parse(first.stdout).stepsPerSecond).toBeGreaterThan(0);
  const again = await ggdlnHere(['k-path', join(one, 'spec.json'), '--linalg', 'wasm', '--out', two]);
  expect(again.code, again.stderr).toBe(0);
  for (const name of filesOf(one)) expect(readFileSync(join(two, name)), name).toEqual(readFileSync(join(one, name)));
  const longer = await ggdlnHere(small({ epochs: '3', out: one }));
  expect(longer.stderr).toContain('Goes on after 40 steps');
  expect(readFileSync(join(one, 'table.csv'), 'utf8')).toMatch(/^3,test/m);
  const other = await ggdlnHere(small({ epochs: '3', rate: '0.2', out: one }));
  expect(other.code).toBe(5);
  expect(other.stderr).toMatch(
    /holds checkpoints of another run: options\.rate is 0\.1 there, 0\.2 here\. Give another/,
  );
  writeFileSync(join(one, 'checkpoints', '00000003.npz'), 'x');
  const damaged = await ggdlnHere(small({ epochs: '3', out: one }));
  expect(damaged.code).toBe(5);
  expect(damaged.stderr).toMatch(/00000003\.npz is damaged.*Delete it/s);
});

it('trains on features that were computed before', async () => {
  const folder = newFolder();
  const file = join(folder, 'features.npz');
  const features = (count: number) => Float64Array.from({ length: 2 * count * 3 }, (_, i) => ((i * 7) % 11) / 5 - 1);
  const arrays = (count: number) => ({
    X: { dtype: 'float64', shape: [2, count, 3], data: features(count) } as const,
    labels: {
      dtype: 'int64',
      shape: [count],
      data: BigInt64Array.from({ length: count }, (_, i) => BigInt(i % 3)),
    } as const,
  });
  const [train, test] = [arrays(12), arrays(6)];
  const all = { train_X: train.X, train_labels: train.labels, test_X: test.X, test_labels: test.labels };
  writeFileSync(file, encodeNpz(all));
  const command = [
    'k-path',
    '--features',
    file,
    '--gate',
    'mod',
    '--gateClasses',
    '1',
    '--batch',
    '4',
    '--epochs',
    '2',
  ];
  const run = await ggdlnHere([...command, '--domains', '2', '--out', join(folder, 'out')]);
  expect(run.code, run.stderr).toBe(0);
  const { gate, test_accuracy } = decodeNpz(readFileSync(join(folder, 'out', 'arrays.npz')));
  expect(Array.from(gate.data as Float64Array)).toEqual([1, 0, 0, 0]);
  expect(test_accuracy.shape).toEqual([2, 2]);
  const wrong = await ggdlnHere([...command, '--domains', '3', '--out', join(folder, 'other')]);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('train_X is 2 × 12 × 3. Give M × P × features with M = 3');
});

it.each<[string, Readonly<Record<string, string>>, number, RegExp]>([
  ['more partners than domains', { gate: '5_plus_mod' }, 2, /asks for 5 partners among 4 domains\. Give at most 4/],
  ['a mode that is none', { gate: 'one_plus_mod' }, 2, /one_plus_mod/],
  ['a rate beyond the stability limit', { rate: '1000', gain: '1' }, 3, /stability limit .* Lower the rate/],
  ['data without pictures', { dataset: 'xor' }, 2, /the dataset xor has no pictures\. Name mnist/],
  ['a mistyped option', { widht: '3' }, 2, /Did you mean .*--width/],
  ['a momentum of 1', { momentum: '1' }, 2, /momentum is 1\. It must be in \[0, 1\)/],
  ['batches larger than the data', { batch: '2000' }, 2, /a batch has 2000 of 1000 examples/],
  ['pictures and features at once', { features: 'x.npz' }, 2, /both --dataset and --features/],
])('refuses %s in words', async (_, flags, code, message) => {
  const run = await ggdlnHere(small({ ...flags, out: join(newFolder(), 'out') }));
  expect(run.stderr).toMatch(message);
  expect(run.stderr).not.toMatch(/NaN|defect/);
  expect(run.code).toBe(code);
});

it.each<[string, readonly string[], number, RegExp]>([
  ['features', ['--features', 'nowhere.npz'], 4, /nowhere\.npz can't be read/],
  ['a spec', ['nowhere.json'], 2, /nowhere\.json can't be read/],
])('refuses %s that is not there', async (_, flags, code, message) => {
  const run = await ggdlnHere(['k-path', ...flags, '--out', join(newFolder(), 'out')]);
  expect(run.stderr).toMatch(message);
  expect(run.code).toBe(code);
});
