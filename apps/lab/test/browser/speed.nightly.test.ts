import { cpus } from 'node:os';
import { createRegistry } from '@ggdln/core';
import { createFileSource } from '@ggdln/datasets/node';
import { openLiveExperiment, resolveSpec } from '@ggdln/experiments';
import { chooseLinalg } from '@ggdln/linalg';
import { standardPlugins } from '@ggdln/standard';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../../../tooling/published/test/chromium.ts';
import type { GalleryItem } from '../../src/gallery/galleryItem.ts';
import { doesWidthHelp } from '../../src/gallery/items/doesWidthHelp.ts';
import { narrowIsBetter } from '../../src/gallery/items/narrowIsBetter.ts';
import { newPage, type OpenLab, openItem, openLab, SCRIPT_BUDGET, scriptWeight, waitForPhase } from './openLab.ts';

const chromium = findChromium();

/** Longest task of the page's own thread while networks train, on a machine that does nothing else. */
const LONGEST_TASK_MS = 100;

/** What was measured, as rows of the table in the guide to the lab. */
const measured: [what: string, value: string][] = [];

describe.skipIf(!chromium)('what the lab weighs and how fast it is', () => {
  let lab: OpenLab;
  beforeAll(async () => {
    lab = await openLab(chromium as string);
  });
  afterAll(async () => {
    const machine = `Chromium ${lab.browser.version()}, Node ${process.versions.node}, ${cpus().length} × ${cpus()[0].model.trim()}`;
    await lab.close();
    const rows = measured.map(([what, value]) => `| ${what} | ${value} |`);
    process.stdout.write(
      `\n${[`Measured: ${machine}`, '', '| what | value |', '| --- | --- |', ...rows].join('\n')}\n\n`,
    );
  });

  it('loads at most its budget and draws its first theory within two seconds', async () => {
    const { page } = await newPage(lab, '', {}, watchFirsts);
    await waitForPhase(page, 'ready');
    await page.locator('[data-panel=curves] svg').first().waitFor();
    const firsts = await page.evaluate(() => (globalThis as unknown as Watched).firsts);
    const weight = await scriptWeight(page);
    measured.push(
      ['script of the first screen', `${Math.round(weight / 1000)} kB gzip`],
      ['controls on screen, keys answer', seconds(firsts.controls)],
      ['first theory drawn', seconds(firsts.theory)],
    );
    expect(weight).toBeLessThan(SCRIPT_BUDGET);
    expect(firsts.controls).toBeLessThan(2000);
  });

  it.each([
    { item: narrowIsBetter, what: 'exact sampling' },
    { item: doesWidthHelp, what: 'exact sampling and gradient descent' },
  ])('runs $item.title about as fast as Node on the same portable backend, and leaves the page free', async (job) => {
    const { item, what } = job;
    const { page } = await newPage(lab, '#gallery', {}, watchFirsts);
    await openItem(page, item.title);
    await waitForPhase(page, 'running', 5);
    const [began, tasksBefore] = [performance.now(), (await longTasks(page)).length];
    await waitForPhase(page, 'done', 10);
    const browser = (performance.now() - began) / 1000;
    const tasks = (await longTasks(page)).slice(tasksBefore);
    await page.context().close();
    const node = await inNode(item);
    const [here, there] = [node.steps / browser, node.steps / node.seconds];
    measured.push(
      [`${item.title} (${what}), browser`, `${Math.round(here)} steps/s, ${browser.toFixed(1)} s in all`],
      [`${item.title}, Node`, `${Math.round(there)} steps/s, ${node.seconds.toFixed(1)} s in all`],
      [`${item.title}, tasks over 50 ms on the page's thread`, tasksInWords(tasks)],
    );
    expect(there / here).toBeLessThan(2);
    expect(Math.max(0, ...tasks)).toBeLessThan(LONGEST_TASK_MS);
  });
});

interface Watched {
  /** Milliseconds after the page was asked for. */
  readonly firsts: { readonly controls: number; readonly theory: number };
  /** Milliseconds of each task over 50 ms. */
  readonly tasks: readonly number[];
}

/** Runs in the page before anything else: notes when its parts appear, and every long task. */
function watchFirsts(): void {
  const firsts = { controls: Number.NaN, theory: Number.NaN };
  const tasks: number[] = [];
  Object.assign(globalThis, { firsts, tasks });
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
    type: 'longtask',
    buffered: true,
  });
  const wanted = { controls: '#play', theory: '[data-panel=curves] svg' } as const;
  new MutationObserver(() => {
    for (const name of ['controls', 'theory'] as const)
      if (Number.isNaN(firsts[name]) && document.querySelector(wanted[name])) firsts[name] = performance.now();
  }).observe(document, { childList: true, subtree: true });
}

const longTasks = (page: Page): Promise<readonly number[]> =>
  page.evaluate(() => (globalThis as unknown as Watched).tasks);

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;

function tasksInWords(tasks: readonly number[]): string {
  return tasks.length === 0 ? 'none' : `${tasks.length}, the longest ${Math.round(Math.max(...tasks))} ms`;
}

/** The item's learners in Node, one after the other, on wasm. */
async function inNode({ spec }: GalleryItem): Promise<{ readonly seconds: number; readonly steps: number }> {
  const registry = createRegistry(standardPlugins);
  const { backend: linalg } = await chooseLinalg('wasm');
  const resolved = resolveSpec(spec as unknown as Parameters<typeof resolveSpec>[0], registry);
  const live = await openLiveExperiment(resolved, { registry, linalg, files: createFileSource() });
  const learners = live.points.filter(({ role }) => role !== 'theory' && role !== 'infinite-width');
  let steps = 0;
  const started = performance.now();
  for (const point of learners) {
    const work = live.start(point);
    let total = 0;
    for (let next = await work.next(); !next.done; next = await work.next()) total = next.value.total;
    steps += total;
  }
  return { seconds: (performance.now() - started) / 1000, steps };
}
