import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestNames, unknownNameError } from '../src/index.ts';

const known = ['half-spaces', 'always-on', 'one-hot-tasks', 'k-means'];

describe('nearestNames', () => {
  it('finds a name with one slip in it: a letter added, dropped, changed or swapped', () => {
    const slips = ['half-spacess', 'half-space', 'half-spices', 'half-sapces', 'HALF-SPACES', 'halfspaces'];
    for (const slip of slips) expect(nearestNames(slip, known)).toEqual(['half-spaces']);
  });

  it('finds a name from its beginning, and one that goes on', () => {
    expect(nearestNames('one', known)).toEqual(['one-hot-tasks']);
    expect(nearestNames('always-on-gate', known)).toEqual(['always-on']);
  });

  it('puts the nearest first and gives at most three', () => {
    expect(nearestNames('abcd', ['abxx', 'abcx', 'abcde', 'xbcd', 'abxd'])).toEqual(['abcde', 'abcx', 'xbcd']);
  });

  it('finds nothing for a name that is like none', () => {
    expect(nearestNames('transformer', known)).toEqual([]);
    expect(nearestNames('x', [])).toEqual([]);
  });

  it('finds every known name itself, first', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{2,9}$/), { minLength: 1 }), (names) => {
        for (const name of names) {
          const [first] = nearestNames(name, names);
          // A name that begins another is as good as exact; otherwise the name itself comes first.
          expect(first.startsWith(name) || name.startsWith(first)).toBe(true);
        }
      }),
    );
  });
});

describe('unknownNameError', () => {
  it('says what is unknown, what is near, and all that is known, sorted', () => {
    const error = unknownNameError('here', 'gating', 'kmeans', known);
    expect(error.message).toBe(
      '[here] unknown gating "kmeans". Did you mean k-means? Known: always-on, half-spaces, k-means, one-hot-tasks.',
    );
    expect(error.code).toBe('GGDLN_UNKNOWN_NAME');
    expect(known[0]).toBe('half-spaces');
  });

  it('says so when nothing is near, or nothing is known', () => {
    expect(unknownNameError('here', 'gating', 'zzz', ['a']).message).toBe('[here] unknown gating "zzz". Known: a.');
    expect(unknownNameError('here', 'gating', 'zzz', []).message).toBe('[here] unknown gating "zzz". There are none.');
  });
});
