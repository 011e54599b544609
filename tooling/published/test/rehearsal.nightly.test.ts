import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PortableNumbers, portableNumbers } from '../src/consumer/portableChecks.ts';
import { type TensorNumbers, tensorNumbers } from '../src/consumer/tensorChecks.ts';
import { installScripts } from '../src/installScripts.ts';
import { bundlePage, compile, copiesOf, makeConsumer } from '../src/rehearsal/consumer.ts';
import { type LocalRegistry, startRegistry } from '../src/rehearsal/registry.ts';
import { buildClone, cloneCheckout, makeVersions, publish, type Released } from '../src/rehearsal/release.ts';
import { shell } from '../src/rehearsal/shell.ts';
import { findChromium, launchChromium } from './chromium.ts';
import { serveFolder } from './staticServer.ts';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const pnpm = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { packageManager: string })
  .packageManager;
const executable = findChromium();

let scratch = '';
let registry: LocalRegistry;
let packages: Released[] = [];
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'ggdln-rehearsal-'));
  registry = await startRegistry(join(scratch, 'registry'));
  const clone = join(scratch, 'clone');
  await cloneCheckout(root, clone);
  await makeVersions(root, clone);
  await buildClone(root, clone);
  packages = await publish(root, clone, registry);
});
afterAll(() => {
  registry?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

it('publishes every public package once, with its next version and a changelog', async () => {
  expect(packages.length).toBeGreaterThan(15);
  for (const { name, version, changelog } of packages) {
    const reply = await fetch(`${registry.url}${name.replace('/', '%2f')}`);
    const { versions } = (await reply.json()) as { versions: Record<string, { dependencies?: object }> };
    expect(Object.keys(versions), name).toEqual([version]);
    expect(JSON.stringify(versions[version].dependencies ?? {}), name).not.toMatch(/workspace:|catalog:/);
    expect(changelog, name).toContain(`## ${version}`);
  }
});

describe.each(['npm', 'pnpm'] as const)('a fresh project under %s', (name) => {
  let folder = '';
  beforeAll(async () => {
    folder = join(scratch, name);
    await makeConsumer(folder, { name, pnpm }, packages, registry);
  });

  it('has everything, without install scripts, and one copy of TensorFlow.js', () => {
    for (const released of packages) {
      const place = join(folder, 'node_modules', released.name);
      expect(existsSync(join(place, 'package.json')), released.name).toBe(true);
      expect(installScripts(place), released.name).toEqual([]);
    }
    expect(copiesOf(folder, '@tensorflow/tfjs-core')).toHaveLength(1);
  });

  it.each([
    ['NodeNext', 'NodeNext'],
    ['ESNext', 'Bundler'],
  ])('type-checks under module %s, resolution %s', async (module, resolution) => {
    expect(await compile(folder, module, resolution)).toEqual([]);
  });

  it('computes in Node, with the WebAssembly of both kinds found by itself', async () => {
    expect(await compile(folder, 'NodeNext', 'NodeNext', 'compiled')).toEqual([]);
    const output = await shell(process.execPath, ['compiled/program.js'], { cwd: folder });
    const { portable, tensor } = JSON.parse(output) as { portable: PortableNumbers; tensor: TensorNumbers };
    expect(portable).toEqual(await portableNumbers());
    expect(tensor.backend).toBe('wasm');
    expectClose(tensor.outputs, (await tensorNumbers('cpu')).outputs, 1e-4);
  });

  it('has the ggdln command, which runs an experiment', async () => {
    writeFileSync(join(folder, 'smoke.yaml'), readFileSync(join(root, 'experiments/smoke.yaml')));
    const bin = join(folder, 'node_modules/.bin/ggdln');
    const cli = packages.find((released) => released.name === '@ggdln/cli');
    expect((await shell(bin, ['--version'], { cwd: folder })).trim()).toContain(cli?.version);
    await shell(bin, ['run', 'smoke.yaml', '--out', 'run'], { cwd: folder });
    expect(existsSync(join(folder, 'run'))).toBe(true);
  });

  it.runIf(executable)('computes in a page that Vite built, and in its worker', async () => {
    const { url, server } = await serveFolder(await bundlePage(folder));
    const browser = await launchChromium(executable as string);
    try {
      const page = await browser.newPage();
      await page.goto(url);
      const { portable, worker, tensor } = (await page.evaluate('numbers()')) as {
        portable: PortableNumbers;
        worker: PortableNumbers;
        tensor: TensorNumbers;
      };
      const expected = await portableNumbers();
      for (const found of [portable, worker]) {
        expect(found.gaussians).toEqual(expected.gaussians);
        expectClose(found.theoryMean, expected.theoryMean, 1e-11);
        expectClose(found.sampledMean, expected.sampledMean, 1e-11);
      }
      expectClose(tensor.outputs, (await tensorNumbers('cpu')).outputs, 1e-4);
      expect(tensor.backend).toBe('wasm');
    } finally {
      await browser.close();
      server.close();
    }
  });
});

/** Within the tolerance of the largest number. */
function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const size = Math.max(...expected.map(Math.abs));
  const error = Math.max(...actual.map((value, i) => Math.abs(value - expected[i])));
  expect(error).toBeLessThan(tolerance * Math.max(size, 1e-300));
}
