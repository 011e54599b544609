import { describe, expect, it } from 'vitest';
import { CONTRACT_VERSION, contractMismatch, createRegistry, type Plugin } from '../src/index.ts';

const own = '2.3.1';
const mismatch = (contract: unknown) => contractMismatch(contract, 'stripes', own);

describe('contractMismatch', () => {
  it.each(['2.3.1', '2.3.0', '2.3.9', '2.2.7', '2.0.0'])('accepts %s: the same major, no newer minor', (contract) => {
    expect(mismatch(contract)).toBeUndefined();
  });

  it.each(['2.4.0', '2.10.0'])('refuses the newer minor %s and says to upgrade ggdln', (contract) => {
    expect(mismatch(contract)).toEqual({
      reason: `the plugin stripes is written for contract ${contract}, this is 2.3.1`,
      remedy: 'Install a newer release of ggdln, or an older release of stripes',
    });
  });

  it.each(['3.0.0', '10.0.0'])('refuses the newer major %s', (contract) => {
    expect(mismatch(contract)?.remedy).toBe('Install a newer release of ggdln, or a release of stripes for contract 2');
  });

  it.each(['1.9.9', '0.3.1'])('refuses the older major %s and says to upgrade the plugin', (contract) => {
    expect(mismatch(contract)?.reason).toBe(`the plugin stripes is written for contract ${contract}, this is 2.3.1`);
    expect(mismatch(contract)?.remedy).toMatch(/^Install a newer release of stripes, for contract 2;/);
  });

  it.each([undefined, null, 2, '2', '2.3', 'v2.3.1', '^2.3.1', '2.3.x', '2.3.1-beta.1', ' 2.3.1', ''])(
    'refuses %j, which is no version',
    (contract) => {
      expect(mismatch(contract)?.reason).toMatch(/^the plugin stripes declares the contract .*, which is no version$/);
      expect(mismatch(contract)?.remedy).toBe(
        "In the plugin, write the version that it is made for: contract: '2.3.1'",
      );
    },
  );
});

describe('createRegistry', () => {
  const [major, minor] = CONTRACT_VERSION.split('.').map(Number);
  const registering = (contract: string) => () => createRegistry([{ name: 'stripes', contract } satisfies Plugin]);

  it('takes a plugin for this contract or an earlier minor of it', () => {
    for (let earlier = 0; earlier <= minor; earlier++) expect(registering(`${major}.${earlier}.0`)).not.toThrow();
  });

  it('refuses a newer minor, another major and no version, with reason and remedy in one message', () => {
    expect(registering(`${major}.${minor + 1}.0`)).toThrow(
      /\[@ggdln\/core createRegistry\] the plugin stripes is written for .* Install a newer release of ggdln, or an older/,
    );
    expect(registering(`${major + 1}.0.0`)).toThrow(expect.objectContaining({ code: 'GGDLN_INCOMPATIBLE' }));
    expect(registering(`${major - 1}.0.0`)).toThrow(/Install a newer release of stripes/);
    expect(registering('latest')).toThrow(/declares the contract "latest", which is no version/);
  });
});
