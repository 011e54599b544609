import { expect } from 'vitest';
import type { GalleryItem } from '../../src/gallery/galleryItem.ts';
import { eventually, newPage, type OpenLab, openItem, waitForPhase } from './openLab.ts';

/** Longest run of an item on a busy machine: alone the longest takes under one minute. */
const MINUTES = 8;

/** Opens an item with one click, lets it run to its end, and reads from the page that theory and simulation agree. */
export async function keepsPromise(lab: OpenLab, { title }: GalleryItem): Promise<void> {
  const { page, complaints } = await newPage(lab, '#gallery', {}, drawSeldom);
  await openItem(page, title);
  await eventually(() => page.locator('h1').first().textContent()).toBe(title);
  await waitForPhase(page, 'done', MINUTES);
  const promise = page.locator('.promise');
  await eventually(() => promise.textContent()).toMatch(/agree/);
  expect(await promise.getAttribute('data-percent')).toMatch(/^\d/);
  const main = page.locator('main');
  let html = '';
  // Panels draw a moment after the run is done.
  await eventually(async () => {
    const before = html;
    html = await main.innerHTML();
    return html === before;
  }).toBe(true);
  expect(html).not.toMatch(/\bNaN\b|\bInfinity\b|undefined/);
  expect(complaints).toEqual([]);
}

/**
 * Frames as rare as on a slow machine: drawing them all takes more than the run itself, and what counts here is how it
 * ends. The other tests of the lab draw as fast as people see it.
 */
function drawSeldom(): void {
  const FRAME_MS = 400;
  globalThis.requestAnimationFrame = (draw) => setTimeout(() => draw(performance.now()), FRAME_MS) as unknown as number;
  globalThis.cancelAnimationFrame = (frame) => clearTimeout(frame);
}
