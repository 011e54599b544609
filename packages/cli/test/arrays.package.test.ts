import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeNpz, encodeNpz, type NpyArray } from '@ggdln/io';
import { describe, expect, it } from 'vitest';
import { ggdln, ggdlnHere, newFolder } from './runCommand.ts';

interface Case {
  readonly compute: string;
  readonly params: { readonly Ns: readonly number[]; readonly sigma2: number; readonly T: number };
  readonly inputs: {
    readonly X: number[][];
    readonly y: number[];
    readonly gatesTopFirst: number[][][];
    readonly Xtest: number[][];
    readonly gatesTestTopFirst: number[][][];
  };
  readonly expected: { readonly mean: number[]; readonly variance: number[]; readonly U_topFirst: number[][][] };
}
const { cases } = JSON.parse(readFileSync('fixtures/ggdln.json', 'utf8')) as { cases: Case[] };
const folder = newFolder();

const array = (rows: number[][]): NpyArray => ({
  shape: [rows.length, rows[0].length],
  dtype: 'float64',
  data: Float64Array.from(rows.flat()),
});
const problemFile = ({ inputs }: Case) => {
  const layers = (name: string, gates: number[][][]) =>
    Object.fromEntries(gates.map((layer, i) => [`${name}${i + 1}`, array(layer)]));
  const path = join(folder, 'problem.npz');
  writeFileSync(
    path,
    encodeNpz({
      X: array(inputs.X),
      Y: array(inputs.y.map((value) => [value])),
      Xtest: array(inputs.Xtest),
      ...layers('gates', inputs.gatesTopFirst),
      ...layers('gatesTest', inputs.gatesTestTopFirst),
    }),
  );
  return path;
};
const problemFlags = (item: Case) => {
  const { Ns, sigma2, T } = item.params;
  return [
    '--arrays',
    problemFile(item),
    '--widths',
    Ns.join(','),
    '--depth',
    String(Ns.length),
    '--sigma',
    String(Math.sqrt(sigma2)),
    '--temperature',
    String(T),
  ];
};
const saddles = cases.filter((item) => item.compute === 'ggdln.saddle');

describe('ggdln solve and ggdln sample', () => {
  it('solves arrays of any depth to the reference numbers and writes what NumPy reads', async () => {
    const deep = saddles.find((item) => item.params.Ns.length === 3) as Case;
    const out = join(folder, 'solution.npz');
    const result = await ggdln(['solve', 'ggdln', ...problemFlags(deep), '--out', out]);
    expect(result.code, result.stderr).toBe(0);
    const arrays = decodeNpz(readFileSync(out));
    expect(Object.keys(arrays).sort()).toEqual(['U1', 'U2', 'U3', 'mean', 'variance']);
    for (const [i, value] of deep.expected.mean.entries()) expect(Number(arrays.mean.data[i])).toBeCloseTo(value, 6);
    const U3 = deep.expected.U_topFirst[0].flat();
    for (const [i, value] of U3.entries()) expect(Number(arrays.U3.data[i])).toBeCloseTo(value, 5);
  });

  it('samples the same arrays within the error bars of theory at this width', async () => {
    const item = saddles[0];
    const { stdout } = await ggdlnHere(['sample', ...problemFlags(item), '--sweeps', '600', '--json']);
    const sampled = JSON.parse(stdout) as { mean: number[][]; meanStderr: number[][] };
    const misses = item.expected.mean.map(
      (value, i) => Math.abs(sampled.mean[i][0] - value) - 5 * sampled.meanStderr[i][0],
    );
    // The theory's own corrections are of order 1/N.
    expect(Math.max(...misses)).toBeLessThan(2 / item.params.Ns[0]);
  });

  it('computes gates from a gating when none are given', async () => {
    const item = saddles[0];
    const flags = problemFlags(item);
    const bare = join(folder, 'bare.npz');
    writeFileSync(bare, encodeNpz({ X: array(item.inputs.X), Y: array(item.inputs.y.map((value) => [value])) }));
    const { stdout } = await ggdlnHere([
      'solve',
      '--arrays',
      bare,
      ...flags.slice(2),
      '--gating',
      'half-spaces',
      '--gating.gates',
      '3',
      '--json',
    ]);
    expect((JSON.parse(stdout) as { U1: number[][] }).U1).toHaveLength(4);
  });
});

describe('ggdln verify', () => {
  it('passes every case of the ggdln fixtures', async () => {
    const result = await ggdlnHere(['verify', 'fixtures/ggdln.json']);
    expect(result.stdout).toMatch(/\d+ passed, 0 failed/);
    expect(result.code, result.stdout).toBe(0);
  });

  it('prints one JSON document, also without expected values, by compute and not by name', async () => {
    const path = join(folder, 'anonymous.json');
    const anonymous = saddles
      .slice(0, 2)
      .map(({ compute, params, inputs }, i) => ({ name: `case ${i}`, compute, params, inputs }));
    writeFileSync(
      path,
      JSON.stringify({ cases: [...anonymous, { name: 'odd', compute: 'nobody.knows', params: {}, inputs: {} }] }),
    );
    const { stdout, code } = await ggdlnHere(['verify', path, '--json']);
    const document = JSON.parse(stdout) as { cases: { status: string; computed: Case['expected'] | null }[] };
    expect(document.cases.map((item) => item.status)).toEqual(['computed', 'computed', 'unsupported']);
    expect(document.cases[0].computed?.mean[0]).toBeCloseTo(saddles[0].expected.mean[0], 6);
    expect(code).toBe(0);
  });

  it('fails with code 1 where numbers are wrong, with key, value, expected value, difference and allowance', async () => {
    const path = join(folder, 'wrong.json');
    const item = structuredClone(saddles[0]);
    item.expected.mean[2] += 1e-3;
    item.expected.variance[0] = 0;
    writeFileSync(path, JSON.stringify({ cases: [item] }));
    const { stdout, code } = await ggdlnHere(['verify', path]);
    const lines = stdout.split('\n').filter((line) => line.startsWith('      '));
    expect(lines).toHaveLength(2);
    const wrong = /^ {6}mean\[2\] is (\S+), expected (\S+): off by 0\.0010+, allowed \S+ \(atol \S+ \+ rtol \S+\)$/;
    const [, found, expected] = lines.map((line) => wrong.exec(line)).find((match) => match !== null) ?? [];
    expect(Number(expected) - Number(found)).toBeCloseTo(1e-3, 7);
    expect(lines.join('\n')).toMatch(/variance\[0\] is \S+, expected 0: off by/);
    expect(stdout).toMatch(/^ {2}✗ ggdln\.\S+ {2}\S/m);
    expect(code).toBe(1);
  });
});

describe('ggdln plugins list', () => {
  it('lists every kind and the options of an entry', async () => {
    expect((await ggdlnHere(['plugins', 'list'])).stdout).toMatch(/half-spaces[\s\S]*block-gibbs/);
    expect((await ggdlnHere(['plugins', 'list', 'gating', 'half-spaces'])).stdout).toMatch(
      /gates +M +a whole number ≥ 1/,
    );
    const all = JSON.parse((await ggdlnHere(['plugins', 'list', '--json'])).stdout) as { kind: string }[];
    expect(new Set(all.map((item) => item.kind))).toContain('linalg');
  });
});
