import { afterAll, beforeAll, describe, it } from 'vitest';
import { findChromium } from '../../../../tooling/published/test/chromium.ts';
import { galleryItems } from '../../src/gallery/items/index.ts';
import { keepsPromise } from './keepsPromise.ts';
import { LONGEST_TEST_MS, type OpenLab, openLab } from './openLab.ts';

const chromium = findChromium();
const items = galleryItems.filter(({ spec }) => !('study' in spec));

describe.skipIf(!chromium)('experiments of the gallery in Chromium', { timeout: LONGEST_TEST_MS }, () => {
  let lab: OpenLab;
  beforeAll(async () => {
    lab = await openLab(chromium as string);
  });
  afterAll(() => lab.close());

  it.each(items)('$title: opens with one click, runs to its end, and keeps its promise', (item) =>
    keepsPromise(lab, item),
  );
});
