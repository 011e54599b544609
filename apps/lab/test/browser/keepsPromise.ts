import { expect } from 'vitest';
import type { GalleryItem } from '../../src/gallery/galleryItem.ts';
import { eventually, newPage, type OpenLab, openItem, waitForPhase } from './openLab.ts';

/** Longest run of an item on a busy machine: alone the longest takes under one minute. */
const MINUTES = 8;

/** Opens an item with one click, lets it run to its end, and reads from the page that theory and simulation agree. */
export async function keepsPromise(lab: OpenLab, { title }: GalleryItem): Promise<void> {
  const { page, complaints } = await newPage(lab, '#gallery', { reducedMotion: 'reduce' }, drawSeldom);
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

/**
 * While a run goes on, frames are as rare as on a slow machine: drawing takes almost as much as the run itself where there
 * is no graphics processor, and what counts here is how it ends. The other tests of the lab draw as fast as people see it.
 */
function drawSeldom(): void {
  const FRAME_MS = 400;
  const next = requestAnimationFrame.bind(globalThis);
  const forget = cancelAnimationFrame.bind(globalThis);
  const runs = () => document.querySelector<HTMLElement>('[data-testid=phase]')?.dataset.phase === 'running';
  // Frames that wait have negative numbers: one that is cancelled must not be another one's.
  globalThis.requestAnimationFrame = (draw) => (runs() ? -setTimeout(() => next(draw), FRAME_MS) : next(draw));
  globalThis.cancelAnimationFrame = (frame) => (frame < 0 ? clearTimeout(-frame) : forget(frame));
}
