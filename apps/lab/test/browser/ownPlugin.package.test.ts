import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../../../tooling/published/test/chromium.ts';
import {
  eventually,
  exported,
  fieldOf,
  LONGEST_TEST_MS,
  newPage,
  type OpenLab,
  openLab,
  waitForPhase,
} from './openLab.ts';

const chromium = findChromium();
const fromRoot = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const example = fromRoot('examples/plugin-gating/index.js');
const command = fromRoot('packages/cli/dist/bin.js');
const folder = mkdtempSync(join(tmpdir(), 'ggdln-own-plugin-'));

/** A file on disk with a source. */
function fileOf(name: string, source: string): string {
  const path = join(folder, name);
  writeFileSync(path, source);
  return path;
}

const count = `import { createTable } from '@ggdln/core';
  export const plugin = { name: 'my-count', contract: '1.0.0', panel: { 'my-count': {
    title: 'My count', summary: 'How many rows there are.', span: 2,
    accepts: (view) => view.points.length > 0,
    table: (view) => [{ rows: view.rows.length }],
    mount: (element, { view }) => {
      const draw = () => { element.textContent = view.get().rows.length + ' rows, ' + createTable([{ a: 1 }]).columns.join(); };
      draw();
      return view.subscribe(draw);
    },
  } } };`;

async function choose(page: Page, path: string): Promise<void> {
  await page.getByRole('link', { name: 'Own plugin' }).first().click();
  await page.locator('#own-plugins-file').setInputFiles(path);
}

async function load(page: Page, path: string): Promise<void> {
  await choose(page, path);
  await page.getByRole('button', { name: 'Run and load it' }).click();
}

/** Values of a tidy table by width, source, role and metric. */
function valuesOf(table: string): Map<string, number> {
  const rows = table.trim().split(/\r?\n/).slice(1);
  return new Map(
    rows.map((row) => {
      const cells = row.split(',');
      return [cells.slice(0, 4).join(), Number(cells[4])];
    }),
  );
}

describe.skipIf(!chromium)('a plugin of the user in the lab', { timeout: LONGEST_TEST_MS }, () => {
  let lab: OpenLab;
  beforeAll(async () => {
    lab = await openLab(chromium as string);
  });
  afterAll(() => lab.close());

  it('is run after a question, composed, and gives the table of ggdln run --plugin', async () => {
    const { page, complaints } = await newPage(lab);
    await waitForPhase(page, 'ready');
    await load(page, example);
    await page.getByText('ggdln-plugin-stripes is loaded.').waitFor();
    await load(page, fileOf('count.mjs', count));
    await page.getByText('my-count is loaded.').waitFor();
    await page.getByRole('dialog', { name: 'Own plugin' }).getByRole('button', { name: 'Close' }).click();
    await page.locator('#compose select:has(option[value=stripes])').selectOption('stripes');
    await waitForPhase(page, 'ready');
    const sweeps = await fieldOf(page, /^Sweeps/, 4);
    await sweeps.fill('60');
    await sweeps.blur();
    await waitForPhase(page, 'ready');
    await page.keyboard.press(' ');
    await waitForPhase(page, 'done');
    await eventually(() => page.locator('[data-panel=my-count]').textContent()).toMatch(/[1-9]\d* rows, a/);

    const table = readFileSync(await exported(page, /CSV/), 'utf8');
    const spec = fileOf('striped.yaml', readFileSync(await exported(page, /YAML/), 'utf8'));
    const out = join(folder, 'run');
    execFileSync(process.execPath, [command, 'run', spec, '--plugin', example, '--out', out], { stdio: 'pipe' });
    const [here, there] = [valuesOf(table), valuesOf(readFileSync(join(out, 'table.csv'), 'utf8'))];
    expect(here.size).toBeGreaterThan(40);
    expect([...here.keys()].sort()).toEqual([...there.keys()].sort());
    for (const [row, value] of here) {
      const expected = there.get(row) as number;
      // Sampled and trained values have the same bits; saddle points, right to about 1e-7, are found from another start.
      const tolerance = row.includes(',theory,') ? 1e-7 * Math.abs(expected) : 0;
      expect(Math.abs(value - expected), row).toBeLessThanOrEqual(tolerance);
    }

    // The address follows the state a moment later.
    const written = await page.waitForFunction(() => (location.hash.startsWith('#run=') ? location.hash : undefined));
    const hash = String(await written.jsonValue());
    expect(complaints).toEqual([]);
    await opensFromLink(hash);
  });

  /** Someone else, who has only the link. */
  async function opensFromLink(hash: string): Promise<void> {
    const { page, complaints } = await newPage(lab, hash);
    await page.locator('[data-testid=phase][data-phase=failed]').waitFor();
    await page.getByText('This experiment needs the plugin ggdln-plugin-stripes.').waitFor();
    await load(page, example);
    // From a failed start, which `waitForPhase` would take for the end.
    await page.locator('[data-testid=phase][data-phase=ready]').waitFor();
    await eventually(() => page.getByText('This experiment needs').count()).toBe(0);
    await page.getByRole('button', { name: 'Remove ggdln-plugin-stripes' }).click();
    await page.getByText('This experiment needs the plugin ggdln-plugin-stripes.').waitFor();
    expect(complaints).toEqual([]);
  }

  it('is refused in words, and nothing of it stays', async () => {
    const { page, complaints } = await newPage(lab);
    await waitForPhase(page, 'ready');
    await load(page, fileOf('pad.js', "import pad from 'left-pad'; export const plugin = pad;"));
    await page.getByText(/pad\.js imports left-pad, which the lab does not hold/).waitFor();
    await load(page, fileOf('future.js', "export default { name: 'f', contract: '7.0.0', gating: {} };"));
    await page.getByText(/the plugin f is written for contract 7\.0\.0/).waitFor();
    await choose(page, fileOf('asked.js', 'globalThis.asked = true; export const plugin = {};'));
    await page.getByRole('button', { name: "Don't" }).click();
    expect(await page.evaluate(() => 'asked' in globalThis)).toBe(false);
    expect(complaints).toEqual([]);
  });
});
