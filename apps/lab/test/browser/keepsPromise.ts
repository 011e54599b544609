import { expect } from 'vitest';
import type { GalleryItem } from '../../src/gallery/galleryItem.ts';
import { newPage, type OpenLab, waitForPhase } from './openLab.ts';

/** Opens an item with one click, lets it run to its end, and reads from the page that theory and simulation agree. */
export async function keepsPromise(lab: OpenLab, { title }: GalleryItem): Promise<void> {
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
}
