import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../src/exitCodes.ts';
import { ggdln, newFolder } from './runCommand.ts';

const TEXT = `ggdln: 1
name: trained
temperature: 0
dataset: { use: xor, spread: 0.1 }
gating: { use: always-on }
architecture: { use: mlp, width: 5 }
learners: [{ use: gradient-descent, gradient: autodiff, steps: 30 }]
`;

function experiment(extra = ''): { readonly folder: string; readonly file: string } {
  const folder = newFolder();
  const file = join(folder, 'trained.yaml');
  writeFileSync(file, TEXT + extra);
  return { folder, file };
}

const provenance = (folder: string) => JSON.parse(readFileSync(join(folder, 'provenance.json'), 'utf8'));

describe('the tensor backend', () => {
  it('is named in the experiment, and the flag wins over it', async () => {
    const { folder, file } = experiment('tensor: wasm\n');
    const [named, flagged] = [join(folder, 'named'), join(folder, 'flagged')];
    const first = await ggdln(['run', file, '--linalg', 'wasm', '--out', named]);
    expect(first.code, first.stderr).toBe(0);
    expect(first.stderr).toContain('; tensors: wasm; ');
    expect(provenance(named).tensor).toBe('wasm');
    const second = await ggdln(['run', file, '--linalg', 'wasm', '--tensor', 'cpu', '--out', flagged]);
    expect(second.code, second.stderr).toBe(0);
    expect(provenance(flagged).tensor).toBe('cpu');
  });

  it('is refused with the nearest names, in files and flags', async () => {
    const { file } = experiment('tensor: wasn\n');
    const inFile = await ggdln(['run', file]);
    expect(inFile.code).toBe(EXIT_CODES.usage);
    expect(inFile.stderr).toMatch(/trained\.yaml:8:\d+.*wasn.*wasm/s);
    const flag = await ggdln(['run', experiment().file, '--tensor', 'openblass']);
    expect(flag.code).toBe(EXIT_CODES.usage);
    expect(flag.stderr).toMatch(/openblass.*openblas/s);
  });

  it('is listed with the others', async () => {
    const { stdout } = await ggdln(['plugins', 'list']);
    expect(stdout).toMatch(/tensor[\s\S]*wasm[\s\S]*openblas/);
  });
});
