import {
  type Dataset,
  type Examples,
  type FileSource,
  GgdlnError,
  type JsonObject,
  type Matrix,
  type OnProgress,
  type RandomStream,
  resolveOptions,
} from '@ggdln/core';
import { matrixFromRows } from '@ggdln/linalg';
import { type LabelledImages, readLabelledImages } from './imageFiles.ts';
import { columnMeans, normaliseRows, poolImages, subtractFromRows } from './images.ts';
import { type MnistOptions, mnistOptions } from './mnistOptions.ts';
import { classCounts, type Draw, drawingOrder, type Pool, requireEnough } from './split.ts';
import { type TargetCoding, targetCoding } from './targets.ts';

/** Ways to watch and stop the reading. */
export interface LoadContext {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** Examples of one part: where they come from and which they are. */
interface Part {
  readonly source: LabelledImages;
  readonly indices: Int32Array;
}

/**
 * Handwritten digits as a learning problem: MNIST, or any dataset in its format that `files` holds under `mnist`.
 * Pixels are divided by 255, averaged over square patches, centred (if asked) and scaled to |x|² = N0 (unless turned
 * off), in this order. The training examples of a smaller `trainSize` are part of those of a larger one, and the test
 * examples don't depend on it.
 * @param options Any of `mnistOptions`; the rest take their defaults.
 * @param files Where the four files come from, e.g. `createFileSource()` of `@ggdln/datasets/node`.
 * @param rng Draws the examples.
 * @throws GGDLN_DATA for files that are missing or damaged, a digit that doesn't occur, or a blank image;
 * GGDLN_INPUT for options that don't fit together or ask for more examples than there are.
 */
export async function loadMnist(
  options: Partial<MnistOptions>,
  files: FileSource,
  rng: RandomStream,
  { signal, onProgress }: LoadContext = {},
): Promise<Dataset> {
  const settings = resolveOptions(mnistOptions, options as JsonObject, 'dataset mnist');
  const coding = targetCoding(settings);
  const stage = 'reading handwritten digits';
  onProgress?.({ stage, done: 0, total: 2, unit: 'parts' });
  const train = await readLabelledImages(files, 'mnist', 'train', signal);
  onProgress?.({ stage, done: 1, total: 2, unit: 'parts' });
  const test = settings.testFrom === 'train' ? train : await readLabelledImages(files, 'mnist', 'test', signal);
  onProgress?.({ stage, done: 2, total: 2, unit: 'parts' });
  requireSameSide(train, test);
  const parts = chooseParts(settings, train, test, rng);
  const inputs = transform(settings, parts);
  return {
    train: { X: inputs.train, Y: targets(parts.train, coding) },
    test: { X: inputs.test, Y: targets(parts.test, coding) },
    provenance: provenanceOf(settings, parts, coding, inputs.steps),
  };
}

function requireSameSide(train: LabelledImages, test: LabelledImages): void {
  const [a, b] = [train, test].map(({ images: { side } }) => side);
  if (a === b) return;
  throw new GgdlnError({
    code: 'GGDLN_DATA',
    where: '@ggdln/datasets mnist',
    problem: `${train.file} has images of ${a} × ${a}, ${test.file} of ${b} × ${b}`,
    remedy: 'Take all files from one dataset',
  });
}

type Parts = Readonly<Record<keyof Pick<Dataset, 'train' | 'test'>, Part>>;

function chooseParts(settings: MnistOptions, train: LabelledImages, test: LabelledImages, rng: RandomStream): Parts {
  const { digits, balance, trainSize, testSize } = settings;
  const draw: Draw = { classes: digits, balance };
  const pool = poolOf(train);
  const order = drawingOrder(pool, draw, rng.stream('train'));
  if (test === train) {
    const wanted = `${trainSize} training and ${testSize} other examples`;
    requireEnough(wanted, trainSize + testSize, order, pool, draw);
    const fromEnd = order.slice(order.length - testSize).reverse();
    return { train: { source: train, indices: order.slice(0, trainSize) }, test: { source: train, indices: fromEnd } };
  }
  requireEnough(`${trainSize} training examples`, trainSize, order, pool, draw);
  const testPool = poolOf(test);
  const testOrder = drawingOrder(testPool, draw, rng.stream('test'));
  requireEnough(`${testSize} test examples`, testSize, testOrder, testPool, draw);
  return {
    train: { source: train, indices: order.slice(0, trainSize) },
    test: { source: test, indices: testOrder.slice(0, testSize) },
  };
}

function poolOf({ labels, file }: LabelledImages): Pool {
  return { labels, name: file };
}

/** Inputs of both parts, and what was done to the pixels, in order. */
function transform(settings: MnistOptions, parts: Parts): { train: Matrix; test: Matrix; steps: string[] } {
  const { pixels, centre, normalise } = settings;
  const steps = ['pixels / 255'];
  let train = poolImages(parts.train.source.images, parts.train.indices, pixels);
  let test = poolImages(parts.test.source.images, parts.test.indices, pixels);
  const patch = parts.train.source.images.side / pixels;
  if (patch > 1) steps.push(`means of ${patch} × ${patch} pixels`);
  if (centre) {
    const mean = columnMeans(train);
    [train, test] = [subtractFromRows(train, mean), subtractFromRows(test, mean)];
    steps.push('training mean subtracted');
  }
  if (normalise) {
    train = normaliseRows(train, (row) => describeImage(parts.train, row));
    test = normaliseRows(test, (row) => describeImage(parts.test, row));
    steps.push(`each input scaled to |x|² = N0 = ${train.cols}`);
  }
  return { train, test, steps };
}

function describeImage({ source, indices }: Part, row: number): string {
  return `image ${indices[row]} of ${source.file} (label ${source.labels[indices[row]]})`;
}

function targets({ source, indices }: Part, coding: TargetCoding): Examples['Y'] {
  return matrixFromRows(Array.from(indices, (index) => coding.encode(source.labels[index])));
}

function provenanceOf(
  settings: MnistOptions,
  parts: Parts,
  coding: TargetCoding,
  steps: readonly string[],
): JsonObject {
  const describe = ({ source, indices }: Part): JsonObject => ({
    file: source.file,
    indices: Array.from(indices),
    classCounts: classCounts(poolOf(source), indices, settings.digits),
  });
  return {
    dataset: 'mnist',
    task: settings.task,
    digits: [...settings.digits],
    targets: [...coding.columns],
    inputs: [...steps],
    train: describe(parts.train),
    test: describe(parts.test),
    files: { ...parts.train.source.files, ...parts.test.source.files },
  };
}
