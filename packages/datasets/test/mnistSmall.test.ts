import { join } from 'node:path';
import { decodeIdx } from '@ggdln/io';
import { describe, expect, it } from 'vitest';
import { loadMnistSmall, permutedTasks } from '../src/index.ts';
import { createFileSource } from '../src/node/index.ts';
import { freshFolder } from './fakeNpm.ts';
import { FILE_NAMES, failure, rng } from './support.ts';

/** A source that could fetch nothing and has an empty cache: what comes with the package is all there is. */
const files = createFileSource({ cacheDir: join(freshFolder(), 'none'), fetch: false });

describe('mnist-small', () => {
  it('has 140 training and 60 test images of every digit, of 28 × 28', async () => {
    const [trainImages, trainLabels, testImages, testLabels] = await Promise.all(
      FILE_NAMES.map(async (name) => decodeIdx(await files.read('mnist-small', name))),
    );
    expect(trainImages.shape).toEqual([1400, 28, 28]);
    expect(testImages.shape).toEqual([600, 28, 28]);
    for (const [labels, each] of [
      [trainLabels, 140],
      [testLabels, 60],
    ] as const) {
      const counts = new Array(10).fill(0);
      for (const label of labels.data) counts[label]++;
      expect(counts).toEqual(new Array(10).fill(each));
    }
    // Real digits: ink is rare and black, no image is blank, none is there twice.
    const seen = new Set<string>();
    for (let i = 0; i < 1400; i++) {
      const pixels = (trainImages.data as Uint8Array).subarray(i * 784, (i + 1) * 784);
      const ink = pixels.reduce((sum, value) => sum + value, 0) / 784;
      expect(ink).toBeGreaterThan(5);
      expect(ink).toBeLessThan(100);
      seen.add(Buffer.from(pixels).toString('latin1'));
    }
    expect(seen.size).toBe(1400);
  });

  it('is found without configuration, also where another folder was named for other data', async () => {
    const dataset = await loadMnistSmall({ trainSize: 1400, testSize: 600 }, files, rng());
    expect([dataset.train.X.rows, dataset.train.X.cols, dataset.test.X.rows]).toEqual([1400, 49, 600]);
    expect(dataset.provenance).toMatchObject({ dataset: 'mnist-small', task: 'odd-even' });
    const elsewhere = createFileSource({ folder: freshFolder() });
    expect(await loadMnistSmall({ trainSize: 1400, testSize: 600 }, elsewhere, rng())).toEqual(dataset);
  });

  it('knows how many it has', async () => {
    const message = await failure('GGDLN_INPUT', () => loadMnistSmall({ trainSize: 1401 }, files, rng()));
    expect(message).toContain('1401 training examples asked for');
    expect(message).toContain('at most 1400');
    const name = await failure('GGDLN_UNKNOWN_NAME', () => files.read('mnist-small', '../../package.json'));
    expect(name).toContain('file of mnist-small');
  });

  it('is what families of tasks can be made from', async () => {
    const tasks = await permutedTasks({ base: 'mnist-small', tasks: 2, trainSize: 20, testSize: 10 }, rng(), { files });
    expect([tasks.train.X.rows, tasks.train.X.cols]).toEqual([20, 49]);
  });
});
