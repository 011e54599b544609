// @vitest-environment jsdom
import { createRegistry, defineGating, integer } from '@ggdln/core';
import { afterEach, expect, test, vi } from 'vitest';
import { createAnnouncer, QUIET_MS } from '../../src/app/announcer.ts';
import { equationLink, readRoute } from '../../src/app/route.ts';
import { actionOf, type KeyPress, SHORTCUTS } from '../../src/app/shortcuts.ts';
import { summarise } from '../../src/app/summarise.ts';
import { galleryItems } from '../../src/gallery/items/index.ts';
import { mathFigure } from '../../src/gallery/mathFigure.ts';
import { partsOf, searchItems } from '../../src/gallery/searchItems.ts';
import { createEta, timeLeft } from '../../src/transport/eta.ts';
import { rateWords, stepsWords } from '../../src/transport/words.ts';

afterEach(() => vi.useRealTimers());

test('addresses name pages; an equation leads to its section; runs and what isn’t known are the lab', () => {
  expect(readRoute('')).toEqual({ page: 'lab' });
  expect(readRoute('#run=1.abc')).toEqual({ page: 'lab' });
  expect(readRoute('#own-data')).toEqual({ page: 'lab', over: 'own-data' });
  expect(readRoute(equationLink('gdln/5.1'))).toEqual({ page: 'theory', system: 'gdln', section: '5.1' });
  expect(readRoute('#talk/3')).toEqual({ page: 'talk', slide: 3 });
  expect(readRoute('#talk/-1')).toEqual({ page: 'talk', slide: 1 });
  expect(readRoute('#theory/%zz')).toEqual({ page: 'theory', system: '%zz' });
  expect(readRoute('#constructor')).toEqual({ page: 'lab' });
});

function press(key: string, inside = '<main></main>', changes: Partial<KeyPress> = {}): KeyPress {
  document.body.innerHTML = inside;
  const target = document.body.firstElementChild;
  const off = {
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    defaultPrevented: false,
    repeat: false,
  };
  return { key, target, ...off, ...changes };
}

test('single letters act, unless a field has focus or they are switched off', () => {
  expect(actionOf(press('g'), true)).toEqual({ action: 'gallery', key: 'g' });
  expect(actionOf(press('g', '<input>'), true)).toBeUndefined();
  expect(actionOf(press('g', '<select></select>'), true)).toBeUndefined();
  expect(actionOf(press('g'), false)).toBeUndefined();
  expect(actionOf(press('g', '<main></main>', { altKey: true }), true)).toBeUndefined();
  expect(actionOf(press('r', '<main></main>', { ctrlKey: true }), true)).toBeUndefined();
});

test('Space runs, but presses the button that has focus; undo works without letters, not in fields', () => {
  expect(actionOf(press(' '), false)?.action).toBe('run');
  expect(actionOf(press(' ', '<button></button>'), true)).toBeUndefined();
  expect(actionOf(press('z', '<main></main>', { ctrlKey: true }), false)?.action).toBe('undo');
  expect(actionOf(press('Z', '<main></main>', { metaKey: true, shiftKey: true }), false)?.action).toBe('redo');
  expect(actionOf(press('z', '<textarea></textarea>', { ctrlKey: true }), true)).toBeUndefined();
});

test('no key means two things', () => {
  const keys = SHORTCUTS.flatMap((shortcut) => shortcut.keys);
  expect(new Set(keys).size).toBe(keys.length);
});

test('the live region says at most one thing in five seconds, and then the last', () => {
  vi.useFakeTimers();
  const announcer = createAnnouncer();
  announcer.say('a');
  announcer.say('b');
  announcer.say('c');
  expect(announcer.message.value).toBe('a');
  vi.advanceTimersByTime(QUIET_MS - 1);
  expect(announcer.message.value).toBe('a');
  vi.advanceTimersByTime(1);
  expect(announcer.message.value).toBe('c');
});

test('the time left never jumps by more than a fifth from one second to the next', () => {
  const eta = createEta();
  expect(eta.update(900, -2000)).toBeUndefined();
  expect(eta.update(400, -1000)).toBeUndefined();
  let shown = eta.update(30, 0) as number;
  expect(shown).toBe(30);
  let guess = 1;
  for (let now = 1000; now < 60_000; now += 1000) {
    guess = (guess * 7919) % 101;
    const next = eta.update(guess, now) as number;
    const expected = Math.max(0, shown - 1);
    expect(next).toBeLessThanOrEqual(Math.max(1, 1.2 * expected) + 1e-9);
    if (expected >= 1) expect(next).toBeGreaterThanOrEqual(0.8 * expected - 1e-9);
    shown = next;
  }
  expect(eta.update(undefined, 61_000)).toBeUndefined();
});

test('steady guesses are shown as they are', () => {
  const eta = createEta();
  eta.update(22, -2000);
  for (let now = 0; now <= 20_000; now += 250) expect(eta.update(20 - now / 1000, now)).toBeCloseTo(20 - now / 1000, 9);
});

test('times and steps are words', () => {
  expect([0.4, 23, 200, 8000].map(timeLeft)).toEqual(['less than 1 s left', '23 s left', '3 min left', '2.2 h left']);
  expect(stepsWords({ step: 300, total: 1500, unit: 'sweeps' })).toBe('sweep 300 of 1\u2009500');
  expect(stepsWords({ step: 0, total: 0, unit: '' })).toBe('');
  expect([3062.4, 12.6, 2.345, 0.44].map((rate) => rateWords(rate, 'pairs'))).toEqual([
    '3\u2009062 pairs/s',
    '13 pairs/s',
    '2.3 pairs/s',
    '0.4 pairs/s',
  ]);
  expect([undefined, 0].map((rate) => rateWords(rate, 'pairs'))).toEqual(['', '']);
});

test('equations keep their elements and lose everything that could act', () => {
  const math =
    '<math><mi onclick="x()" mathvariant="normal">U</mi><script>x()</script><mtext><a href="x">b</a></mtext></math>';
  const box = mathFigure(`${math}<img src=x onerror=x()>`, 'U', document);
  expect(box.querySelectorAll('script, a, img, [onclick]')).toHaveLength(0);
  expect(box.querySelector('mi')?.getAttribute('mathvariant')).toBe('normal');
  expect(box.querySelectorAll('math')).toHaveLength(1);
});

test('the gallery is found by words and by the parts of its experiments', () => {
  const registry = createRegistry([]);
  const all = searchItems(galleryItems, { words: '', parts: {} }, registry);
  expect(all).toEqual(galleryItems);
  const [first] = galleryItems;
  expect(searchItems(galleryItems, { words: first.title.toUpperCase(), parts: {} }, registry)).toContain(first);
  const [gating] = partsOf(first).gating;
  const found = searchItems(galleryItems, { words: '', parts: { gating } }, registry);
  expect(found).toEqual(galleryItems.filter((item) => partsOf(item).gating.includes(gating)));
  expect(searchItems(galleryItems, { words: 'no such words', parts: {} }, registry)).toEqual([]);
});

test('what is composed fits in two lines: titles, and options with symbols at what they are', () => {
  const gates = integer({ title: 'Gates', symbol: 'M', help: 'Gates.', default: 6 });
  const gating = defineGating({ title: 'Sides', summary: 'Sides.', options: { gates }, create: () => ({}) as never });
  const registry = createRegistry([{ name: 'p', contract: '1.0.0', gating: { sides: gating } }]);
  const spec = { gating: { use: 'sides' }, dataset: { use: 'lost' }, sweep: { 'architecture.width': [10, 30] } };
  expect(summarise(spec, registry)).toEqual({
    parts: 'lost · Sides',
    values: 'M\u00a0=\u00a06 · width\u00a0=\u00a010\u2009…\u200930',
  });
  const swept = { ...spec, sweep: { 'gating.gates': [2, 4, 8] } };
  expect(summarise(swept, registry).values).toBe('M\u00a0=\u00a02\u2009…\u20098');
});
