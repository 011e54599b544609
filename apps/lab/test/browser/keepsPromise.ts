import { expect } from 'vitest';
import type { GalleryItem } from '../../src/gallery/galleryItem.ts';
import { eventually, newPage, type OpenLab, openItem, waitForPhase } from './openLab.ts';

/** Longest run of an item on a busy machine: alone the longest takes under one minute. */
const MINUTES = 8;

/** Opens an item with one click, lets it run to its end, and reads from the page that theory and simulation agree. */
export async function keepsPromise(lab: OpenLab, { title }: GalleryItem): Promise<void> {
  const { page, complaints } = await newPage(lab, '#gallery');
  await openItem(page, title);
  await eventually(() => page.locator('h1').first().textContent()).toBe(title);
  await waitForPhase(page, 'done', MINUTES);
  const promise = page.locator('.promise');
  await eventually(() => promise.textContent()).toMatch(/agree/);
  expect(await promise.getAttribute('data-percent')).toMatch(/^\d/);
  const html = await page.locator('main').innerHTML();
  expect(html).not.toMatch(/\bNaN\b|\bInfinity\b|undefined/);
  expect(complaints).toEqual([]);
}
