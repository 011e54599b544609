import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createRegistry } from '@ggdln/core';
import { createMemoryStore, type ExperimentSpec, planPoints, resolveSpec, runExperiment } from '@ggdln/experiments';
import { chooseLinalg } from '@ggdln/linalg';
import { standardPlugins } from '@ggdln/standard';
import { expect, test } from 'vitest';
import { createDesk } from '../../src/engine/desk.ts';
import type { Report } from '../../src/engine/messages.ts';
import { hostModules } from '../../src/ownPlugins/hostModules.ts';
import type { PluginFile } from '../../src/ownPlugins/pluginFile.ts';
import { createPluginLoader } from '../../src/ownPlugins/pluginLoader.ts';
import { metricsLike } from '../likeCommands.ts';

const loadPlugin = createPluginLoader({
  modules: hostModules,
  addressOf: (source) => `data:text/javascript,${encodeURIComponent(source)}`,
});
const example = new URL('../../../../examples/plugin-gating/index.js', import.meta.url);
const file = { name: 'index.js', source: readFileSync(fileURLToPath(example), 'utf8') };
const spec = {
  ggdln: 1,
  name: 'striped',
  seed: 3,
  temperature: 0.1,
  dataset: { use: 'noisy-teacher', inputs: 5, trainSize: 12, testSize: 20 },
  gating: { use: 'stripes', gates: 3 },
  architecture: { use: 'ggdln', depth: 1 },
  sweep: { 'architecture.width': [8, 30] },
  theories: [{ use: 'ggdln' }],
};

/** What a worker that is built without the plugin tells of the theory. */
function theoryOf(plugins: readonly PluginFile[]): Promise<readonly Report[]> {
  const told: Report[] = [];
  return new Promise((resolve) => {
    const desk = createDesk({
      registry: createRegistry(standardPlugins),
      loadPlugin,
      fetchFile: async () => undefined,
      post: (report) => {
        told.push(report);
        if (report.type === 'done' || report.type === 'failed') resolve(told);
      },
    });
    desk.ask({ type: 'open', run: 1, half: 'theory', spec, files: [], plugins });
  });
}

test('a worker that gets the file computes what ggdln run --plugin does', async () => {
  const points = (await theoryOf([file])).flatMap((report) => (report.type === 'point' ? [report] : []));
  const registry = createRegistry([...standardPlugins, await loadPlugin(file)]);
  const resolved = resolveSpec(spec as unknown as ExperimentSpec, registry);
  const { backend: linalg } = await chooseLinalg();
  const store = createMemoryStore();
  await runExperiment(resolved, { registry, linalg, store });
  const planned = await planPoints(resolved, linalg.name);
  expect(points).toHaveLength(planned.length);
  for (const { id } of planned) {
    const metrics = (await store.get(id))?.metrics ?? [];
    expect(metrics).not.toHaveLength(0);
    expect(points.find((point) => point.id === id)?.state.metrics).toEqual(metricsLike(metrics));
  }
});

test('without it, and with a file that is none, it says so', async () => {
  expect((await theoryOf([])).at(-1)).toMatchObject({
    type: 'failed',
    error: { problem: expect.stringMatching(/stripes/) },
  });
  const broken = { name: 'broken.js', source: 'export const plugin = 1;' };
  expect((await theoryOf([broken])).at(-1)).toMatchObject({
    type: 'failed',
    error: { problem: expect.stringMatching(/^Broken\.js exports as its plugin a number/) },
  });
});
