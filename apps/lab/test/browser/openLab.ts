import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
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

/** A page that remembers everything it complained of. */
export interface WatchedPage {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly context: BrowserContext;
}

export async function newPage(
  { browser, address }: OpenLab,
  hash = '',
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${address}${hash}`);
  return { page, complaints, context };
}

/** Waits until the run is in a phase. @param minutes Longest wait. */
export async function waitForPhase(page: Page, phase: string, minutes = 2): Promise<void> {
  const shown = page.locator('[data-testid=phase]');
  const failed = page.locator('[data-testid=phase][data-phase=failed]');
  await page
    .locator(`[data-testid=phase][data-phase=${phase}]`)
    .or(failed)
    .first()
    .waitFor({ timeout: minutes * 60_000 });
  const now = await shown.getAttribute('data-phase');
  if (now !== phase) throw new Error(`the run is ${now}: ${await page.locator('main').textContent()}`);
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
