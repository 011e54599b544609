import { canonicalJson, type Json } from '@ggdln/core';
import * as fc from 'fast-check';
import { deflateSync, strToU8 } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { LabState } from '../../src/state/labState.ts';
import { isLink, LONGEST_TEXT, readLink, writeLink } from '../../src/state/urlState.ts';

const word = fc.stringMatching(/^[a-z][a-zA-Z0-9-]{0,12}$/);
const leaf: fc.Arbitrary<Json> = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0 || 0), // JSON has no −0
  fc.boolean(),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constant(null),
);
const options = fc.dictionary(word, fc.oneof(leaf, fc.array(leaf, { maxLength: 6 })), { maxKeys: 6 });
const states: fc.Arbitrary<LabState> = fc.record(
  {
    spec: fc
      .dictionary(word, fc.oneof(leaf, options, fc.array(options, { maxLength: 3 })), { maxKeys: 8 })
      .map(({ plugins: _, ...spec }) => spec),
    view: fc.record(
      {
        panels: fc.array(word, { maxLength: 4 }),
        snapshot: fc.nat(),
        x: fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x || 0),
      },
      { requiredKeys: [] },
    ),
    item: fc.stringMatching(/^[a-z0-9-]{1,20}$/),
  },
  { requiredKeys: ['spec', 'view'] },
) as fc.Arbitrary<LabState>;

/** A link with any content, as someone hostile would make it. */
function linkOf(content: unknown, format = '1'): string {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return `#run=${format}.${Buffer.from(deflateSync(strToU8(text))).toString('base64url')}`;
}

function refusal(link: string): string {
  try {
    readLink(link);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the link was read');
}

describe('links', () => {
  it('give back the state and the version', () => {
    fc.assert(
      fc.property(states, word, (state, version) => {
        const link = writeLink(state, version);
        expect(isLink(link)).toBe(true);
        expect(link).toMatch(/^#run=1\.[A-Za-z0-9_-]+$/);
        expect(readLink(link)).toEqual({ state, version, notes: [] });
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('are equal for equal states, whatever the order of keys', () => {
    const a = writeLink({ spec: { a: 1, b: { c: 2, d: 3 } }, view: {} }, '1.0.0');
    expect(writeLink({ view: {}, spec: { b: { d: 3, c: 2 }, a: 1 } }, '1.0.0')).toBe(a);
  });

  it('never throw anything but a sentence on damaged links', () => {
    const link = writeLink({ spec: { name: 'x', values: [1, 2, 3] }, view: { x: 3 } }, '1.0.0');
    fc.assert(
      fc.property(fc.nat(link.length - 1), fc.constantFrom(...'Aa0_-.%='), (at, character) => {
        const changed = `${link.slice(0, at)}${character}${link.slice(at + 1)}`;
        if (!isLink(changed)) return;
        try {
          readLink(changed);
        } catch (error) {
          expect((error as { code?: string }).code).toBe('GGDLN_CONFIG');
        }
      }),
      { numRuns: 500, seed: 7 },
    );
    for (let length = '#run='.length; length < link.length; length++) {
      expect(refusal(link.slice(0, length))).toContain("[the link] it can't be opened");
    }
  });

  it('never load code: plugins are left out, and the reader is told', () => {
    const { state, notes } = readLink(linkOf({ spec: { name: 'x', plugins: ['evil'] }, view: {} }));
    expect(state.spec).toEqual({ name: 'x' });
    expect(notes[0]).toContain('evil');
    expect(notes[0]).toContain('never loads code');
  });

  it('say which format they have when it is another', () => {
    expect(refusal(linkOf({ spec: {} }, '2'))).toContain('its format is "2", and this page reads format 1');
  });

  it.each<[string, unknown, string]>([
    ['a list', [], 'the state is not a mapping'],
    ['no experiment', { view: {} }, 'its experiment is not a mapping'],
    ['another key', { spec: {}, run: 1 }, 'unknown key "run"'],
    ['another key of the view', { spec: {}, view: { script: 'x' } }, 'unknown key "script"'],
    ['a snapshot between two', { spec: {}, view: { snapshot: 1.5 } }, '1.5, not a whole number'],
    ['panels that are no names', { spec: {}, view: { panels: [1] } }, 'not a list of names'],
    ['a pinned text', { spec: {}, view: { x: '3' } }, 'not a number'],
    ['an item that is a path', { spec: {}, item: '../x' }, 'no proper name'],
    ['a polluting key', '{"spec":{"__proto__":{"a":1}}}', '"__proto__"'],
    ['a number that overflows', '{"spec":{"a":1e999}}', 'not finite'],
    ['depth', `{"spec":{"a":${'['.repeat(5000)}${']'.repeat(5000)}}}`, 'nested more than 10 deep'],
    ['many values', { spec: { a: Array.from({ length: 30_000 }, () => 0) } }, 'more than 20000 values'],
    ['half a text', '{"spec":', 'no readable state'],
  ])('refuse %s', (_, content, problem) => {
    expect(refusal(linkOf(content))).toContain(problem);
  });

  it('refuse to unpack more than the limit, and links that are too long', () => {
    const bomb = linkOf(`{"spec":{"a":"${'a'.repeat(40_000_000)}"}}`);
    expect(bomb.length).toBeLessThan(65_536);
    expect(refusal(bomb)).toContain(`more than ${LONGEST_TEXT} characters`);
    expect(refusal(`#run=1.${'A'.repeat(70_000)}`)).toContain('70007 characters');
  });

  it('are not made where they could not be read', () => {
    const noise = Array.from({ length: 20_000 }, (_, i) => Math.sin(i));
    expect(() => writeLink({ spec: { a: noise }, view: {} }, '1')).toThrow(/at most 65536 can be shared/);
    expect(canonicalJson(noise).length).toBeGreaterThan(65_536);
  });
});
