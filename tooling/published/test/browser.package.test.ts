import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PortableNumbers, portableNumbers } from '../src/consumer/portableChecks.ts';
import { bundle } from './bundle.ts';
import { findChromium, launchChromium } from './chromium.ts';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const executable = findChromium();

describe.runIf(executable)('the published packages in Chromium', () => {
  let browser: Browser | undefined;
  let server: Server | undefined;
  let script = '';

  beforeAll(async () => {
    script = await bundledEntry('src/consumer/portableChecks.ts');
    browser = await launchChromium(executable as string);
    server = createServer((request, response) => {
      const isScript = request.url === '/checks.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
      response.end(isScript ? script : '<!doctype html><title>checks</title>');
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const inPage = async (where: 'page' | 'worker'): Promise<PortableNumbers> => {
    const page = await (browser as Browser).newPage();
    await page.goto(`http://127.0.0.1:${((server as Server).address() as AddressInfo).port}/`);
    const run =
      where === 'page'
        ? `import('/checks.js').then((checks) => checks.portableNumbers())`
        : `new Promise((resolve, reject) => {
            const code = "import('" + location.origin + "/checks.js').then((checks) => checks.portableNumbers()).then((numbers) => postMessage(numbers))";
            const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })), { type: 'module' });
            worker.onmessage = (event) => resolve(event.data);
            worker.onerror = (event) => reject(new Error(event.message));
          })`;
    return (await page.evaluate(run)) as PortableNumbers;
  };

  it.each(['page', 'worker'] as const)('draw and solve as in Node (%s)', async (where) => {
    const here = await inPage(where);
    const inNode = await portableNumbers();
    // Random streams are the same bits everywhere.
    expect(here.gaussians).toEqual(inNode.gaussians);
    // Engines differ in the last bit of Math.log and its like, and so may what is computed with them.
    for (const name of ['theoryU', 'theoryMean', 'sampledMean'] as const) {
      const errors = here[name].map((value, i) => Math.abs(value - inNode[name][i]));
      expect(errors.length).toBeGreaterThan(0);
      expect(Math.max(...errors), name).toBeLessThan(1e-11);
    }
  });

  it('carry no Node code into a bundle', () => {
    expect(script).not.toMatch(/node:fs|createRequire/);
  });

  it('keep tensors out of a program that only solves a theory', async () => {
    const theory = await bundledEntry('src/theoryOnly.ts');
    expect(theory).not.toMatch(/tfjs|tensorflow/i);
    expect(theory.length).toBeLessThan(400_000);
  });
});

async function bundledEntry(entry: string): Promise<string> {
  return (await bundle(join(here, entry))).get('checks.js') as string;
}
