import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { decodeNpz } from '@ggdln/io';
import { JSDOM } from 'jsdom';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findChromium } from '../../../../tooling/published/test/chromium.ts';
import {
  complaintsOf,
  eventually,
  exported,
  fieldOf,
  LONGEST_TEST_MS,
  newPage,
  type OpenLab,
  openLab,
  SCRIPT_BUDGET,
  scriptWeight,
  waitForPhase,
} from './openLab.ts';

const chromium = findChromium();
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Rows of the agreement table as text: what sampling has given so far. */
const agreement = (page: Page) => page.locator('[data-panel=agreement] tbody').textContent();

/** The same at the end of a run: panels draw a moment after the run says that it is done. */
async function finalAgreement(page: Page): Promise<string> {
  await waitForPhase(page, 'done');
  await page.locator('[data-panel=agreement] [data-agreement-status=done]').waitFor();
  return (await agreement(page)) ?? '';
}

/** Fewer sweeps than the gallery's, by the form that people use. */
async function shorten(page: Page, sweeps: number): Promise<void> {
  const field = await fieldOf(page, /^Sweeps/, 4);
  await field.fill(String(sweeps));
  await field.blur();
  await waitForPhase(page, 'ready');
}

const save = async (page: Page, entry: RegExp): Promise<Buffer> => readFile(await exported(page, entry));

/** Every page and what stands on it when it is all there. */
const PAGES = [
  { hash: '', shows: '[data-panel=curves] svg' },
  { hash: '#gallery', shows: '.gallery-cards.large' },
  { hash: '#theory', shows: '.theory-index' },
  { hash: '#theory/ggdln', shows: 'main math' },
  { hash: '#keyboard', shows: '.keys-table' },
  { hash: '#about', shows: '.facts' },
];

describe.skipIf(!chromium)('the lab in Chromium', { timeout: LONGEST_TEST_MS }, () => {
  let lab: OpenLab;
  beforeAll(async () => {
    lab = await openLab(chromium as string);
  });
  afterAll(() => lab.close());

  it('carries an experiment in its address, and opens the same from it', async () => {
    const { page, complaints } = await newPage(lab);
    await waitForPhase(page, 'ready');
    const gates = await fieldOf(page, /^Gates/, 2);
    await gates.fill('4');
    await gates.blur();
    await waitForPhase(page, 'ready');
    await page.getByRole('button', { name: /^Share/ }).click();
    const link = await page.getByRole('dialog').locator('input, textarea').first().inputValue();
    const other = await newPage(lab, new URL(link).hash);
    await waitForPhase(other.page, 'ready');
    const again = await fieldOf(other.page, /^Gates/, 2);
    await eventually(() => again.inputValue()).toBe('4');
    expect([...complaints, ...other.complaints]).toEqual([]);
  });

  it('resets to identical weights', async () => {
    const { page, complaints } = await newPage(lab);
    await waitForPhase(page, 'ready');
    await shorten(page, 60);
    const results: string[] = [];
    for (const _ of [1, 2]) {
      await page.keyboard.press(' ');
      results.push(await finalAgreement(page));
      await page.keyboard.press('r');
      await waitForPhase(page, 'ready');
      // The panel too has forgotten the run before.
      await page.locator('[data-panel=agreement] [data-agreement-status=empty]').waitFor();
    }
    expect(results[0]).toMatch(/\d/);
    expect(results[1]).toBe(results[0]);
    expect(complaints).toEqual([]);
  });

  it('saves what is on screen in files that other programs read', async () => {
    const { page, complaints } = await newPage(lab);
    await waitForPhase(page, 'ready');
    await shorten(page, 60);
    await page.keyboard.press(' ');
    await waitForPhase(page, 'done');
    const arrays = decodeNpz(await save(page, /NPZ/));
    expect(Object.keys(arrays).length).toBeGreaterThan(5);
    for (const { data } of Object.values(arrays))
      expect(Array.from(data as Float64Array, Number).every(Number.isFinite)).toBe(true);
    const svg = String(await save(page, /SVG/));
    const drawn = new JSDOM(svg, { contentType: 'image/svg+xml' }).window.document.documentElement;
    expect(drawn.localName).toBe('svg');
    expect(drawn.querySelector('title')?.textContent).toBe('Does width help?');
    const spec = parse(String(await save(page, /YAML/)));
    expect(spec).toMatchObject({ ggdln: 1, seed: 17, dataset: { use: 'mnist-small' } });
    const [header, ...rows] = String(await save(page, /CSV/))
      .trim()
      .split('\r\n');
    expect(header).toBe('architecture.width,source,role,metric,value,stderr');
    expect(rows.length).toBeGreaterThan(40);
    expect(complaints).toEqual([]);
  });

  it('holds and starts anew in the middle of a run', async () => {
    const { page, complaints } = await newPage(lab);
    await waitForPhase(page, 'ready');
    await page.keyboard.press(' ');
    await waitForPhase(page, 'running');
    // It has done some steps.
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('#scrub')?.disabled === false);
    await page.keyboard.press(' ');
    await waitForPhase(page, 'paused');
    await page.keyboard.press(' ');
    await waitForPhase(page, 'running');
    await page.keyboard.press('r');
    // A run that went on would be done, and never ready.
    await waitForPhase(page, 'ready');
    expect(complaints).toEqual([]);
  });

  it('works offline once it has been opened', async () => {
    const { page: first, complaints, context } = await newPage(lab, '', { serviceWorkers: 'allow' });
    await first.getByText('Works offline').waitFor();
    await waitForPhase(first, 'ready');
    expect(complaints).toEqual([]);
    // What it was still fetching by itself is not what this is about.
    await first.close();
    await context.setOffline(true);
    const page = await context.newPage();
    const complaintsOffline = complaintsOf(page);
    await page.goto(lab.address);
    await waitForPhase(page, 'ready');
    await eventually(() => page.locator('h1').first().textContent()).toBe('Does width help?');
    expect(complaintsOffline).toEqual([]);
  });

  it.each([
    { name: 'light, wide', options: {} },
    { name: 'dark, wide', options: { colorScheme: 'dark' as const } },
    { name: 'light, phone', options: { viewport: { width: 360, height: 740 }, hasTouch: true } },
  ])('has no serious finding of axe: $name', async ({ options }) => {
    const { page } = await newPage(lab, '', { ...options, bypassCSP: true });
    await waitForPhase(page, 'ready');
    for (const { hash, shows } of PAGES) {
      if (hash) await page.goto(`${lab.address}${hash}`);
      await page.locator(shows).first().waitFor();
      await page.addScriptTag({ path: axe });
      const found = await page.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: { run(): Promise<AxeResult> } }).axe.run();
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
      });
      expect(found, hash).toEqual([]);
    }
  });

  it('is walked through by keyboard alone', async () => {
    const { page, complaints } = await newPage(lab);
    await waitForPhase(page, 'ready');
    await page.keyboard.press('g');
    const card = page
      .getByRole('link', { name: /Narrow is better/ })
      .or(page.getByRole('button', { name: /Narrow is better/ }))
      .first();
    await card.waitFor();
    // A page that opens takes the focus to its top; only then does Tab go on from there.
    await page.waitForFunction(() => document.activeElement?.id === 'main');
    for (let k = 0; k < 60 && !(await card.evaluate((element) => element === document.activeElement)); k++)
      await page.keyboard.press('Tab');
    expect(await card.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await waitForPhase(page, 'running');
    await page.locator('[data-panel=agreement] tr[data-x]').first().waitFor();
    await page.keyboard.press(' ');
    await waitForPhase(page, 'paused');
    await page.keyboard.press('.');
    await page.keyboard.press(']');
    await page.locator('[data-panel=agreement] tr.on').waitFor();
    await page.keyboard.press('t');
    await page.locator('html[data-theme=dark]').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('heading', { level: 1, name: /Keyboard/ }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('loads little, answers soon, and keeps the page free while it trains', async () => {
    const { page } = await newPage(lab);
    await waitForPhase(page, 'ready');
    const weight = await scriptWeight(page);
    process.stdout.write(`  script of the page: ${Math.round(weight / 1000)} kB gzip\n`);
    expect(weight).toBeGreaterThan(10_000);
    expect(weight).toBeLessThan(SCRIPT_BUDGET);
    await page.evaluate(() => {
      const seen: number[] = [];
      Object.assign(globalThis, { longTasks: seen });
      new PerformanceObserver((list) => seen.push(...list.getEntries().map(({ duration }) => duration))).observe({
        type: 'longtask',
      });
    });
    await page.keyboard.press(' ');
    await waitForPhase(page, 'running');
    await page.locator('[data-panel=agreement] tr[data-x]').first().waitFor();
    // Keys are answered in between.
    await page.keyboard.press('t');
    await page.locator('html[data-theme=dark]').waitFor();
    await page.keyboard.press(']');
    await page.locator('[data-panel=agreement] tr.on').waitFor();
    await waitForPhase(page, 'running');
    const tasks = await page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks);
    process.stdout.write(`  long tasks while it trains: ${tasks.map(Math.round).join(', ') || 'none'} ms\n`);
  });
});

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly target: readonly string[] }[];
  }[];
}
