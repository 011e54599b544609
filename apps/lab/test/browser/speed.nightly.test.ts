import { createRegistry } from '@ggdln/core';
import { openLiveExperiment, resolveSpec } from '@ggdln/experiments';
import { chooseLinalg } from '@ggdln/linalg';
import { standardPlugins } from '@ggdln/standard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../../../tooling/published/test/chromium.ts';
import { narrowIsBetter } from '../../src/gallery/items/narrowIsBetter.ts';
import { newPage, type OpenLab, openLab, SCRIPT_BUDGET, scriptWeight, waitForPhase } from './openLab.ts';

const chromium = findChromium();

describe.skipIf(!chromium)('what the lab weighs and how fast it is', () => {
  let lab: OpenLab;
  beforeAll(async () => {
    lab = await openLab(chromium as string);
  });
  afterAll(() => lab.close());

  it('loads at most its budget and draws its first theory within two seconds', async () => {
    const { page, context } = await newPage(lab);
    await page.locator('[data-panel=curves] svg').first().waitFor();
    const seconds = (await page.evaluate(() => performance.now())) / 1000;
    const weight = await scriptWeight(page);
    process.stdout.write(
      `  first theory drawn after ${seconds.toFixed(1)} s; ${Math.round(weight / 1000)} kB of script\n`,
    );
    expect(weight).toBeLessThan(SCRIPT_BUDGET);
    await context.close();
  });

  it('samples about as fast as Node on the same portable backend', async () => {
    const { page, context } = await newPage(lab, '#gallery');
    await page
      .getByRole('link', { name: narrowIsBetter.title })
      .or(page.getByRole('button', { name: narrowIsBetter.title }))
      .first()
      .click();
    const started = performance.now();
    await waitForPhase(page, 'done', 5);
    const browser = (performance.now() - started) / 1000;
    await context.close();
    const node = await inNode();
    process.stdout.write(
      `  ${narrowIsBetter.title}: ${browser.toFixed(1)} s in the browser, ${node.toFixed(1)} s in Node\n`,
    );
    expect(browser / node).toBeLessThan(2);
  });
});

/** Seconds of the item's learners, one after the other, on wasm. */
async function inNode(): Promise<number> {
  const registry = createRegistry(standardPlugins);
  const { backend: linalg } = await chooseLinalg('wasm');
  const spec = resolveSpec(narrowIsBetter.spec as unknown as Parameters<typeof resolveSpec>[0], registry);
  const live = await openLiveExperiment(spec, { registry, linalg });
  const started = performance.now();
  for (const point of live.points) {
    const work = live.start(point);
    while (!(await work.next()).done);
  }
  return (performance.now() - started) / 1000;
}
