import { canonicalJson, type Json, type RandomStream } from '@ggdln/core';
import { deflateSync } from 'fflate';
import type { LabState } from '../../../../apps/lab/src/state/labState.ts';
import { isLink, LONGEST_TEXT, readLink, writeLink } from '../../../../apps/lab/src/state/urlState.ts';
import { mutated, pick } from '../mutate.ts';
import { type FuzzTarget, insist, utf8 } from '../target.ts';

const decoder = new TextDecoder();
const spec = { name: 'a', temperature: 0.5, dataset: { use: 'xor' }, sweep: { seed: [1, 2] }, plugins: [] };
const states: readonly LabState[] = [
  { spec, view: {} },
  { spec: { ...spec, plugins: ['evil'] }, view: { panels: ['figure'], snapshot: 3, x: -1.5 }, item: 'xor' },
];
const texts = states.map((state) => utf8(canonicalJson({ ...state, version: '1.0.0' } as unknown as Json)));
const tokens = ['__proto__', '"constructor":{},', '[', '{"a":', '1e999', '-0', '\\ud800', 'null,', '"plugins":["x"],'];

/** A link whose text, not whose packing, is damaged; now and then one that unpacks to very much. */
function craftLink(rng: RandomStream): Uint8Array {
  const text =
    rng.uniform() < 0.05
      ? utf8(`{"spec":{"a":"${'a'.repeat(pick([LONGEST_TEXT - 20, LONGEST_TEXT + 1, 10 * LONGEST_TEXT], rng))}"}}`)
      : mutated({ samples: texts, tokens }, rng);
  const packed = deflateSync(text, { level: 6 });
  return utf8(`#run=${pick(['1', '1', '1', '2', ''], rng)}.${base64Url(packed)}`);
}

function base64Url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Links to a state of the lab. */
export const linkTarget: FuzzTarget = {
  name: 'lab link',
  samples: states.map((state) => utf8(writeLink(state, '1.0.0'))),
  tokens: ['#run=', '1.', '=', '-', '_', 'A'],
  craft: craftLink,
  large: [() => utf8(`#run=1.${'A'.repeat(10 * LONGEST_TEXT)}`), () => utf8('#run=1.'.repeat(100_000))],
  read: (bytes) => {
    const link = decoder.decode(bytes);
    if (!isLink(link)) return;
    const { state, version } = readLink(link);
    insist(state.spec.plugins === undefined, 'a link that loads code');
    const text = (value: unknown) => canonicalJson(value as Json);
    const again = readLink(writeLink(state, version));
    insist(text(again.state) === text(state), 'another state after sharing it again');
    insist(Object.getPrototypeOf(state.spec) === Object.prototype, 'a spec with another prototype');
  },
  // The packed bytes, what they unpack to, and once more writing and reading for the check.
  allowance: (fileBytes) => 2 ** 21 + 16 * fileBytes + 16 * LONGEST_TEXT,
};
