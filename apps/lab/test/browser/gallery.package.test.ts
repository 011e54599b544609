import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../../../tooling/published/test/chromium.ts';
import { galleryItems } from '../../src/gallery/items/index.ts';
import { newPage, type OpenLab, openLab, waitForPhase } from './openLab.ts';

const chromium = findChromium();

describe.skipIf(!chromium)('the gallery in Chromium', () => {
  let lab: OpenLab;
  beforeAll(async () => {
    lab = await openLab(chromium as string);
  });
  afterAll(() => lab.close());

  it.each(galleryItems)('$title: opens with one click, runs to its end, and keeps its promise', async ({ title }) => {
    const { page, complaints, context } = await newPage(lab, '#gallery');
    await page
      .getByRole('link', { name: title })
      .or(page.getByRole('button', { name: title }))
      .first()
      .click();
    await waitForPhase(page, 'done', 4);
    expect(await page.locator('h1').first().textContent()).toBe(title);
    const promise = page.locator('.promise');
    await promise.waitFor();
    expect(await promise.textContent()).toMatch(/agree/);
    expect(Number(await promise.getAttribute('data-percent'))).toBeGreaterThanOrEqual(0);
    const html = await page.locator('main').innerHTML();
    expect(html).not.toMatch(/\bNaN\b|\bInfinity\b|undefined/);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
