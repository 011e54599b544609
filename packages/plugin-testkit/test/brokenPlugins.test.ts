import { CONTRACT_VERSION, defineGating, defineTheory, inputError, type Plugin } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { checkPlugin, failedChecks, type PluginSetup } from '../src/index.ts';
import { network, supports, theory } from './soundParts.ts';

const gating = defineGating({
  title: 'Open',
  summary: 'For tests.',
  options: {},
  create: () => ({
    fit: (X) => {
      if (!X.data.every(Number.isFinite)) throw inputError('test', 'X is not finite');
      return { inputs: X.cols };
    },
    gates: ({ inputs }, X) => {
      if (X.cols !== inputs || !X.data.every(Number.isFinite)) throw inputError('test', 'X does not fit');
      return { values: matrix(X.rows, 1), names: ['closed'] };
    },
  }),
});
const architecture = { title: 'Two units', summary: 'For tests.', options: {}, create: () => network };
const prior = defineTheory({
  title: 'Prior',
  summary: 'For tests.',
  options: {},
  role: 'theory',
  supports,
  create: () => theory,
});
const sound: Plugin = {
  name: 'sound',
  contract: CONTRACT_VERSION,
  gating: { open: gating },
  architecture: { 'two-units': architecture },
  theory: { prior },
};

async function failures(plugin: unknown, setup?: PluginSetup): Promise<string[]> {
  const reasons: string[] = [];
  for (const { kind, name, checks } of checkPlugin(plugin as Plugin, setup)) {
    for (const { reason } of await failedChecks(checks)) reasons.push(`${kind} ${name}: ${reason}`);
  }
  return reasons;
}

describe('checkPlugin', () => {
  it('passes a sound plugin, entry after entry, trying its theory on its own network', async () => {
    expect(await failures(sound)).toEqual([]);
    const suites = checkPlugin(sound).map(({ kind, name, checks }) => [kind, name, checks.length > 1]);
    expect(suites).toEqual([
      ['plugin', 'sound', true],
      ['gating', 'open', true],
      ['architecture', 'two-units', true],
      ['theory', 'prior', true],
    ]);
  });

  it('finds another contract, and says what to do', async () => {
    const [major, minor] = CONTRACT_VERSION.split('.').map(Number);
    const of = (contract: unknown) => failures({ ...sound, contract });
    expect(await of(`${major + 1}.0.0`)).toEqual([
      expect.stringMatching(/plugin sound: the plugin sound is written for .*Install a newer release of ggdln/),
    ]);
    expect(await of(`${major}.${minor + 1}.0`)).toHaveLength(1);
    expect(await of(undefined)).toEqual([expect.stringMatching(/which is no version.*contract: '/)]);
  });

  it('finds a misspelt kind, a plugin without entries and names that no command line takes', async () => {
    const { gating: _, ...rest } = sound;
    expect(await failures({ ...rest, gatings: sound.gating })).toEqual([
      'plugin sound: it has "gatings", which is no kind of entry; expected gating',
    ]);
    expect(await failures({ name: 'empty', contract: CONTRACT_VERSION })).toEqual([
      expect.stringMatching(/it has no entries, expected some of a kind: dataset, gating/),
    ]);
    expect(await failures({ ...rest, gating: { 'My Gating': gating } })).toEqual([
      'plugin sound: an entry is called "My Gating", expected a name like random-stripes',
    ]);
  });

  it('finds what is no plugin at all', async () => {
    for (const wrong of [undefined, null, 'text', {}]) {
      expect((await failures(wrong))[0], String(wrong)).toMatch(/it has no name, expected \{ name, contract/);
    }
  });

  it('finds a theory of nothing that is here, with what it says of the first that was tried', async () => {
    const never = { ...prior, supports: () => ({ reason: 'it is of rings', remedy: 'Use rings' }) };
    expect(await failures({ ...sound, theory: { never } })).toEqual([
      expect.stringMatching(
        /theory never: it supports none of \d+ problems.*two-units .*it is of rings.*add its architecture/,
      ),
    ]);
    const { architecture: _, ...alone } = sound;
    expect(await failures(alone)).toEqual([expect.stringMatching(/there are no architectures to try/)]);
    expect(await failures(alone, { architectures: sound.architecture ?? {} })).toEqual([]);
  });

  it('gives options to the entry that they are of', async () => {
    const refused = await failures(sound, { options: { 'gating.open': { width: 3 } } });
    expect(new Set(refused)).toEqual(new Set([expect.stringMatching(/gating open: .*unknown option.*width/)]));
  });

  it('finds an entry that can not be made', async () => {
    const broken = {
      ...architecture,
      create: () => {
        throw new Error('not yet written');
      },
    };
    const found = await failures({ ...sound, architecture: { broken }, theory: {} });
    expect(found).toEqual(['architecture broken: not yet written']);
  });
});
