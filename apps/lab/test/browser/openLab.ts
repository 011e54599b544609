import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { launchChromium } from '../../../../tooling/published/test/chromium.ts';

const command = fileURLToPath(new URL('../../../../packages/cli/dist/bin.js', import.meta.url));

/** The built lab, served by the command, in a real browser. */
export interface OpenLab {
  readonly address: string;
  readonly browser: Browser;
  close(): Promise<void>;
}

export async function openLab(chromium: string): Promise<OpenLab> {
  const { server, address } = await serve();
  const browser = await launchChromium(chromium);
  return {
    address,
    browser,
    close: async () => {
      await browser.close();
      server.kill('SIGTERM');
    },
  };
}

function serve(): Promise<{ readonly server: ChildProcess; readonly address: string }> {
  const server = spawn(process.execPath, [command, 'lab', '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let said = '';
    server.stdout.on('data', (chunk: Buffer) => {
      said += String(chunk);
      const address = /"address":\s*"([^"]+)"/.exec(said)?.[1];
      if (address) resolve({ server, address });
    });
    server.stderr.on('data', (chunk: Buffer) => {
      said += String(chunk);
    });
    server.on('exit', (code) => reject(new Error(`ggdln lab ended with ${code}: ${said}`)));
  });
}

/** Longest wait for anything that is to happen soon: a machine may have much else to do. */
const PATIENCE_MS = 120_000;
/** Longest that one test may take on such a machine: more than all that it waits for. */
export const LONGEST_TEST_MS = 900_000;

/** A page that remembers everything it complained of. */
export interface WatchedPage {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly context: BrowserContext;
}

/** What a browser says of itself when it has little time, or of what a test has asked of it. */
const NO_COMPLAINT = [
  /was preloaded using link preload but not used/,
  /Service Worker registration blocked by Playwright/,
];

/**
 * Opens the lab in a browser profile of its own, which is closed when the test has ended, however it did. Nothing is kept
 * for later but where `options` say so: each profile would fetch all of the lab once more.
 * @param first Runs in the page before anything of it does.
 */
export async function newPage(
  { browser, address }: OpenLab,
  hash = '',
  options: Parameters<Browser['newContext']>[0] = {},
  first?: () => void,
): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 1000 },
    serviceWorkers: 'block',
    ...options,
  });
  onTestFinished(() => context.close());
  context.setDefaultTimeout(PATIENCE_MS);
  if (first) await context.addInitScript(first);
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(`${address}${hash}`);
  return { page, complaints, context };
}

/** Collects what a page complains of from now on. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  const complain = (text: string) => {
    if (!NO_COMPLAINT.some((pattern) => pattern.test(text))) complaints.push(text);
  };
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complain(message.text());
  });
  page.on('pageerror', (error) => complain(error.message));
  return complaints;
}

/** Waits until the run is in a phase; a run that fails ends the wait. @param minutes Longest wait. */
export async function waitForPhase(page: Page, phase: string, minutes = 4): Promise<void> {
  const reached = await page.waitForFunction(
    (wanted) => {
      const now = document.querySelector<HTMLElement>('[data-testid=phase]')?.dataset.phase;
      return now === wanted || now === 'failed' ? now : undefined;
    },
    phase,
    { timeout: minutes * 60_000, polling: 50 },
  );
  const now = await reached.jsonValue();
  if (now !== phase) throw new Error(`the run is ${now}: ${await page.locator('main').textContent()}`);
}

/** Waits until what is read of the page is as it should be, and says what it is else. */
export function eventually<T>(read: () => Promise<T> | T): ReturnType<typeof expect.poll<T>> {
  return expect.poll(read, { timeout: PATIENCE_MS, interval: 100 });
}

/** Waits for a field of Compose, and opens its stage by key if it is closed. */
export async function fieldOf(page: Page, name: RegExp, stage: 1 | 2 | 3 | 4 | 5): Promise<Locator> {
  const field = page.getByLabel(name).first();
  await field.waitFor({ state: 'attached' });
  if (!(await field.isVisible())) await page.keyboard.press(String(stage));
  await field.waitFor();
  return field;
}

/** Opens an item from the gallery with one click. */
export async function openItem(page: Page, title: string): Promise<void> {
  await page
    .getByRole('link', { name: title })
    .or(page.getByRole('button', { name: title }))
    .first()
    .click();
}

/** Chooses an entry of the export menu. @returns The file that the browser saved. */
export async function exported(page: Page, entry: RegExp): Promise<string> {
  await page.getByRole('button', { name: /^Export/ }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: entry }).click(),
  ]);
  return download.path();
}

/** Most bytes of script, gzip, that the page may load before data and wasm. */
export const SCRIPT_BUDGET = 250_000;

/** Bytes of script, gzip, that the page asks for before anything else; workers load their own. */
export async function scriptWeight(page: Page): Promise<number> {
  const addresses = await page.evaluate(() => {
    const scripts = [...document.scripts].map(({ src }) => src).filter((src) => src !== '');
    const ahead = [...document.querySelectorAll<HTMLLinkElement>('link[rel=modulepreload]')].map(({ href }) => href);
    return [...new Set([...scripts, ...ahead])];
  });
  const texts = await Promise.all(addresses.map(async (address) => (await fetch(address)).arrayBuffer()));
  return texts.reduce((sum, text) => sum + gzipSync(new Uint8Array(text)).length, 0);
}
