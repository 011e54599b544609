import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tensorWasmPaths } from '@ggdln/tensor/node';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TensorNumbers, tensorNumbers } from '../src/consumer/tensorChecks.ts';
import type { tensorContract } from '../src/tensorContract.ts';
import { bundle } from './bundle.ts';
import { findChromium, launchChromium, SOFTWARE_GPU } from './chromium.ts';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const executable = findChromium();

/** Relative to the largest number: graphics processors may round more coarsely than float32. */
const TOLERANCE = 1e-4;

function expectClose(actual: readonly number[], expected: readonly number[], what: string): void {
  expect(actual.length, what).toBe(expected.length);
  const size = Math.max(...expected.map(Math.abs));
  expect(size, what).toBeGreaterThan(0);
  const error = Math.max(...actual.map((value, i) => Math.abs(value - expected[i])));
  expect(error, what).toBeLessThan(TOLERANCE * size);
}

describe.runIf(executable)('tensor backends in Chromium', () => {
  let browser: Browser | undefined;
  let server: Server | undefined;
  let expected: TensorNumbers;

  beforeAll(async () => {
    expected = await tensorNumbers('cpu');
    const chunks = await bundle(join(here, 'src/consumer/tensorChecks.ts'));
    for (const [name, code] of await bundle(join(here, 'src/tensorContract.ts'))) chunks.set(`contract/${name}`, code);
    browser = await launchChromium(executable as string, SOFTWARE_GPU);
    server = createServer((request, response) => {
      const path = (request.url ?? '/').slice(1);
      // Pages that may use threads: TensorFlow.js then loads another binary, whose memory is shared.
      response.setHeader('cross-origin-embedder-policy', 'require-corp');
      response.setHeader('cross-origin-resource-policy', 'same-origin');
      if (path === 'isolated') response.setHeader('cross-origin-opener-policy', 'same-origin');
      const chunk = chunks.get(path);
      if (path.endsWith('.wasm')) {
        response.setHeader('content-type', 'application/wasm');
        response.end(readFileSync(join(tensorWasmPaths(), path)));
      } else {
        response.setHeader('content-type', chunk === undefined ? 'text/html' : 'text/javascript');
        response.end(chunk ?? '<!doctype html><title>checks</title>');
      }
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const inPage = async (call: string, where = ''): Promise<unknown> => {
    const page = await (browser as Browser).newPage();
    await page.goto(`http://127.0.0.1:${((server as Server).address() as AddressInfo).port}/${where}`);
    expect(await page.evaluate('crossOriginIsolated')).toBe(where === 'isolated');
    return page.evaluate(call);
  };

  it.each([
    ['wasm', ''],
    ['wasm', 'isolated'],
    ['webgl', ''],
    ['webgpu', ''],
  ])('%s computes outputs and gradients as cpu does in Node (page %s)', async (name, where) => {
    const call = `import('/checks.js').then((checks) => checks.tensorNumbers('${name}', { wasmPaths: '/' }))`;
    const numbers = (await inPage(call, where)) as TensorNumbers;
    expect(numbers.backend).toBe(name);
    expectClose(numbers.outputs, expected.outputs, 'outputs');
    expect(Object.keys(numbers.gradients)).toEqual(Object.keys(expected.gradients));
    for (const [weight, gradient] of Object.entries(expected.gradients)) {
      expectClose(numbers.gradients[weight], gradient, `gradient of ${weight}`);
    }
    expect(numbers.leaked).toBe(0);
  });

  it.each(['wasm', 'webgl', 'webgpu'])('%s keeps the contract of tensor backends', async (name) => {
    const options = name === 'wasm' ? { path: '/' } : {};
    const setup = JSON.stringify({ tolerance: TOLERANCE, options });
    const call = `import('/contract/checks.js').then((checks) => checks.tensorContract('${name}', ${setup}))`;
    const { checks, failed } = (await inPage(call)) as Awaited<ReturnType<typeof tensorContract>>;
    expect(failed).toEqual([]);
    expect(checks).toBeGreaterThan(10);
  });
});

it('says in Node what the graphics backends need', async () => {
  await expect(tensorNumbers('webgl')).rejects.toThrow(/webgl can't run here: .*WebGL 2.*Use the backend wasm/);
  await expect(tensorNumbers('webgpu')).rejects.toThrow(/webgpu can't run here: .*WebGPU.*Use the backend wasm/);
});
