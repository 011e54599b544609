// @vitest-environment jsdom
import * as architectures from '@ggdln/architectures';
import * as gating from '@ggdln/gating';
import * as learning from '@ggdln/learning';
import * as theory from '@ggdln/theory';
import * as bpkr from '@ggdln/theory/bpkr';
import * as continual from '@ggdln/theory/continual';
import * as galu from '@ggdln/theory/galu';
import * as kernels from '@ggdln/theory/kernels';
import * as ndk from '@ggdln/theory/ndk';
import * as race from '@ggdln/theory/race';
import { expect, test } from 'vitest';
import { theoryPages } from '../src/theoryPages/pages/index.ts';
import { texToMathml } from '../src/theoryPages/texToMathml.ts';

const packages: { readonly [name: string]: object } = {
  '@ggdln/architectures': architectures,
  '@ggdln/gating': gating,
  '@ggdln/learning': learning,
  '@ggdln/theory': theory,
  '@ggdln/theory/bpkr': bpkr,
  '@ggdln/theory/continual': continual,
  '@ggdln/theory/galu': galu,
  '@ggdln/theory/kernels': kernels,
  '@ggdln/theory/ndk': ndk,
  '@ggdln/theory/race': race,
};

test('every function that a page names is exported where it says', () => {
  const named = theoryPages.flatMap(({ sections }) => sections.flatMap(({ computedBy }) => computedBy));
  const missing = named.filter(({ name, from }) => !(name in (packages[from] ?? {})));
  expect(missing).toEqual([]);
});

test('every equation is well-formed MathML', () => {
  for (const { id, sections } of theoryPages) {
    for (const tex of sections.flatMap(({ equations }) => equations)) {
      const parsed = new DOMParser().parseFromString(texToMathml(tex), 'application/xml');
      expect(parsed.querySelector('parsererror'), `${id}: ${tex}`).toBeNull();
    }
  }
});

test('sections are told apart by their ids', () => {
  for (const { sections } of theoryPages) {
    const ids = sections.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  }
});

test('scripts, fractions and groups become the elements that mean them', () => {
  expect(texToMathml('x_i^2')).toContain('<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>');
  expect(texToMathml('\\frac{1}{\\sigma^2}')).toContain(
    '<mfrac><mrow><mn>1</mn></mrow><mrow><msup><mi>σ</mi><mn>2</mn></msup></mrow></mfrac>',
  );
  expect(texToMathml('a < b')).toContain('&lt;');
});

test.each(['\\frac{1}', '\\unknown', '{x', '\\left( x', 'x^'])('%s is refused', (tex) => {
  expect(() => texToMathml(tex)).toThrow(/an equation/);
});
