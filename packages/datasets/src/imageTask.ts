import type { Dataset, Examples, FileSource, JsonObject, Matrix, OnProgress, RandomStream } from '@ggdln/core';
import { GgdlnError } from '@ggdln/core';
import { matrixFromRows } from '@ggdln/linalg';
import type { ImageSettings } from './imageOptions.ts';
import { columnMeans, greyOf, type Images, normaliseRows, poolImages, subtractFromRows } from './images.ts';
import { classCounts, type Draw, drawingOrder, type Pool, requireEnough } from './split.ts';
import { type ClassNames, type TargetCoding, targetCoding } from './targets.ts';

/** Ways to watch and stop the reading. */
export interface LoadContext {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** Images with one label each. */
export interface LabelledImages {
  readonly images: Images;
  readonly labels: Uint8Array;
  /** Name of the file of images, for messages and provenance. */
  readonly file: string;
  /** Size and SHA-256 of every file that was read. */
  readonly files: JsonObject;
}

/** A dataset of labelled images: what it is called and how its halves are read. */
export interface ImageSource extends ClassNames {
  /** What is being read, e.g. `handwritten digits`. */
  readonly content: string;
  /** Red, green and blue become one plane of grey. */
  readonly grey?: boolean;
  read(part: 'train' | 'test', files: FileSource, signal?: AbortSignal): Promise<LabelledImages>;
}

/** Examples of one part: where they come from and which they are. */
interface Part {
  readonly source: LabelledImages;
  readonly indices: Int32Array;
}

/**
 * Labelled images as a learning problem: pixels are divided by 255, averaged over square patches, turned to grey,
 * centred and scaled to |x|² = N0 where asked for, in this order. The training examples of a smaller `trainSize` are
 * part of those of a larger one, and the test examples don't depend on it.
 * @throws GGDLN_DATA for files that are missing or damaged, a class that doesn't occur, or a blank image; GGDLN_INPUT
 * for settings that don't fit together or ask for more examples than there are.
 */
export async function loadImages(
  source: ImageSource,
  settings: ImageSettings,
  files: FileSource,
  rng: RandomStream,
  { signal, onProgress }: LoadContext = {},
): Promise<Dataset> {
  const coding = targetCoding(settings, source);
  const stage = `reading ${source.content}`;
  onProgress?.({ stage, done: 0, total: 2, unit: 'parts' });
  const train = await source.read('train', files, signal);
  onProgress?.({ stage, done: 1, total: 2, unit: 'parts' });
  const test = settings.testFrom === 'train' ? train : await source.read('test', files, signal);
  onProgress?.({ stage, done: 2, total: 2, unit: 'parts' });
  requireSameSide(source.dataset, train, test);
  const parts = chooseParts(settings, train, test, rng);
  const inputs = transform(settings, source.grey ?? false, parts);
  return {
    train: { X: inputs.train, Y: targets(parts.train, coding) },
    test: { X: inputs.test, Y: targets(parts.test, coding) },
    provenance: provenanceOf(source, settings, parts, coding, inputs.steps),
  };
}

function requireSameSide(dataset: string, train: LabelledImages, test: LabelledImages): void {
  const [a, b] = [train, test].map(({ images: { side } }) => side);
  if (a === b) return;
  throw new GgdlnError({
    code: 'GGDLN_DATA',
    where: `@ggdln/datasets ${dataset}`,
    problem: `${train.file} has images of ${a} × ${a}, ${test.file} of ${b} × ${b}`,
    remedy: 'Take all files from one dataset',
  });
}

type Parts = Readonly<Record<keyof Pick<Dataset, 'train' | 'test'>, Part>>;

function chooseParts(settings: ImageSettings, train: LabelledImages, test: LabelledImages, rng: RandomStream): Parts {
  const { classes, balance, trainSize, testSize } = settings;
  const draw: Draw = { classes, balance };
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
function transform(
  settings: ImageSettings,
  grey: boolean,
  parts: Parts,
): { train: Matrix; test: Matrix; steps: string[] } {
  const { pixels, centre, normalise } = settings;
  const steps = ['pixels / 255'];
  let train = poolImages(parts.train.source.images, parts.train.indices, pixels);
  let test = poolImages(parts.test.source.images, parts.test.indices, pixels);
  const patch = parts.train.source.images.side / pixels;
  if (patch > 1) steps.push(`means of ${patch} × ${patch} pixels`);
  if (grey) {
    [train, test] = [greyOf(train), greyOf(test)];
    steps.push('red, green and blue to grey');
  }
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
  { dataset, nouns }: ImageSource,
  settings: ImageSettings,
  parts: Parts,
  coding: TargetCoding,
  steps: readonly string[],
): JsonObject {
  const describe = ({ source, indices }: Part): JsonObject => ({
    file: source.file,
    indices: Array.from(indices),
    classCounts: classCounts(poolOf(source), indices, settings.classes),
  });
  return {
    dataset,
    task: settings.task,
    [nouns]: [...settings.classes],
    targets: [...coding.columns],
    inputs: [...steps],
    train: describe(parts.train),
    test: describe(parts.test),
    files: { ...parts.train.source.files, ...parts.test.source.files },
  };
}
