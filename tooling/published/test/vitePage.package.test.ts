import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PortableNumbers, portableNumbers } from '../src/consumer/portableChecks.ts';
import { type TensorNumbers, tensorNumbers } from '../src/consumer/tensorChecks.ts';
import { bundlePage } from '../src/rehearsal/consumer.ts';
import { findChromium, launchChromium } from './chromium.ts';
import { serveFolder } from './staticServer.ts';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const executable = findChromium();

describe.runIf(executable)('a page that Vite built', () => {
  let browser: Browser;
  let folder = '';
  beforeAll(async () => {
    // Inside this package, so that what it imports is found.
    folder = mkdtempSync(join(here, 'node_modules/.page-'));
    cpSync(join(here, 'src/consumer'), folder, { recursive: true });
    writeFileSync(join(folder, 'index.html'), '<!doctype html><script type="module" src="/page.ts"></script>\n');
    browser = await launchChromium(executable as string);
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('finds the WebAssembly of both kinds by itself, in the page and in its worker', async () => {
    const { url, server } = await serveFolder(await bundlePage(folder));
    try {
      const page = await browser.newPage();
      await page.goto(url);
      const found = (await page.evaluate('numbers()')) as {
        portable: PortableNumbers;
        worker: PortableNumbers;
        tensor: TensorNumbers;
      };
      const { gaussians } = await portableNumbers();
      expect(found.portable.gaussians).toEqual(gaussians);
      expect(found.worker).toEqual(found.portable);
      expect(found.tensor.backend).toBe('wasm');
      const expected = (await tensorNumbers('cpu')).outputs;
      expect(Math.max(...found.tensor.outputs.map((value, i) => Math.abs(value - expected[i])))).toBeLessThan(1e-3);
    } finally {
      server.close();
    }
  });
});
