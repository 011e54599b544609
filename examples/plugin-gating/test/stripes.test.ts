import { readFileSync } from 'node:fs';
import { createRandom, createRegistry, type Plugin } from '@ggdln/core';
import { checkGating, failedChecks, testGating } from '@ggdln/plugin-testkit';
import { expect, it } from 'vitest';
import { plugin } from '../index.js';

testGating('stripes', plugin.gating.stripes);
testGating('stripes without always-on', plugin.gating.stripes, { options: { gates: 3, alwaysOn: false } });

it('repeats with the period along the direction of the stripes', async () => {
  const gating = plugin.gating.stripes.create({ gates: 1, period: 0.5, alwaysOn: false });
  const X = { rows: 1, cols: 4, data: Float64Array.of(0, 0, 0, 0) };
  const state = { ...(await gating.fit(X, { rng: createRandom(1) })), V: [[2, 0, 0, 0]] }; // V·x/√N0 = x_0
  const openAt = (x: number) => gating.gates(state, { ...X, data: Float64Array.of(x, 9, 9, 9) }).values.data[0];
  for (const x of [0.03, 0.11, 0.21, 0.33, 0.47]) {
    expect(openAt(x + 0.5)).toBe(openAt(x));
    expect(openAt(x + 0.25)).toBe(1 - openAt(x));
  }
});

it('registers like any plugin', () => {
  expect(createRegistry([plugin]).list('gating')).toMatchObject([{ name: 'stripes', plugin: 'ggdln-plugin-stripes' }]);
});

it('is explained in a README whose gating keeps the contract', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const code = readme.split('```js\n')[1].split('```')[0];
  const module: { plugin: Plugin } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  expect(code.split('\n').length).toBeLessThanOrEqual(40);
  expect(await failedChecks(checkGating(createRegistry([module.plugin]).get('gating', 'halves')))).toEqual([]);
});
