import {
  type Dataset,
  type FileSource,
  GgdlnError,
  type JsonObject,
  type Matrix,
  type RandomStream,
  resolveOptions,
} from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { normaliseRows } from './images.ts';
import type { LoadContext } from './imageTask.ts';
import { ownFileKind } from './ownFile.ts';
import { type OwnTable, readTable } from './readTable.ts';
import { sha256 } from './sha256.ts';
import { drawingOrder, type Pool, requireEnough } from './split.ts';
import { standardiseColumns } from './standardise.ts';
import { inputsOf, namedColumns } from './tableColumns.ts';
import { type TableOptions, tableOptions } from './tableOptions.ts';
import { readTargets, type TableTargets } from './tableTargets.ts';

const where = 'dataset table';

/**
 * A file of the user's own as a learning problem: rows of a CSV, NPY or NPZ file, see `readTable`. Examples are drawn
 * from all its rows, and no row is both trained and tested on; the training examples of a smaller `trainSize` are part
 * of those of a larger one. Inputs are standardised and scaled to |x|² = N0 where asked for, in this order.
 * @param options Any of `tableOptions`; the rest take their defaults.
 * @param files Where `files.read('table', options.file)` has the bytes.
 * @param rng Draws the examples.
 * @throws GGDLN_DATA for a file that can't be had or read, a cell that is no number (naming row and column), or a row
 * of zeros that is to be scaled; GGDLN_INPUT for more examples than rows; GGDLN_UNKNOWN_NAME for columns.
 */
export async function loadTable(
  options: Partial<TableOptions>,
  files: FileSource,
  rng: RandomStream,
  { signal, onProgress }: LoadContext = {},
): Promise<Dataset> {
  const settings = resolveOptions(tableOptions, options as JsonObject, where);
  const { file } = settings;
  ownFileKind(where, file);
  onProgress?.({ stage: `reading ${file}`, done: 0, total: 1, unit: 'files' });
  const bytes = await files.read('table', file, signal);
  const digest = await sha256(bytes);
  requireSameFile(settings, digest);
  const table = readTable(bytes, file);
  onProgress?.({ stage: `reading ${file}`, done: 1, total: 1, unit: 'files' });
  const targets = namedColumns(table, settings.target, table.target);
  const taken = new Set(targets.map(({ name }) => name));
  const others = table.columns.map(({ name }) => name).filter((name) => !taken.has(name));
  const inputs = namedColumns(table, settings.inputs, others);
  const both = inputs.find(({ name }) => taken.has(name));
  if (both || inputs.length === 0) throw noInputs(both?.name, file);
  const answers = readTargets(table, targets, settings);
  const X = inputsOf(table, inputs);
  const chosen = choose(table, answers, settings, rng);
  const made = transform(settings, X, answers, chosen, table);
  return {
    train: { X: made.trainX, Y: made.trainY },
    test: { X: made.testX, Y: made.testY },
    provenance: {
      dataset: 'table',
      file,
      bytes: bytes.length,
      sha256: digest,
      rows: table.rows,
      inputs: inputs.map(({ name }) => name),
      targets: [...answers.names],
      kind: answers.kind,
      steps: made.steps,
      ...(inputs.length === 1 && inputs[0].shape.length === 2 ? { image: [...inputs[0].shape] } : {}),
      train: { indices: Array.from(chosen.train) },
      test: { indices: Array.from(chosen.test) },
    },
  };
}

/** @throws GGDLN_DATA for another file than the one that the experiment was made with. */
function requireSameFile({ file, sha256: expected }: TableOptions, digest: string | null): void {
  if (expected === '' || digest === null || expected.toLowerCase() === digest) return;
  throw new GgdlnError({
    code: 'GGDLN_DATA',
    where,
    problem: `this ${file} has the SHA-256 ${digest}, and the experiment was made with ${expected}`,
    remedy: 'Use the file that it was made with, or leave sha256 empty to take this one',
  });
}

function noInputs(both: string | undefined, file: string): GgdlnError {
  const problem = both === undefined ? `every column of ${file} is a target` : `"${both}" is both input and target`;
  return new GgdlnError({
    code: 'GGDLN_INPUT',
    where,
    problem,
    remedy: 'Name at least one column of inputs and other columns of targets',
  });
}

interface Chosen {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

function choose(table: OwnTable, answers: TableTargets, settings: TableOptions, rng: RandomStream): Chosen {
  const { trainSize, testSize } = settings;
  const pool: Pool = { labels: answers.labels, name: table.file };
  const draw = { classes: answers.classes, balance: settings.balance && answers.kind === 'classes' };
  const order = drawingOrder(pool, draw, rng.stream('train'));
  if (answers.kind === 'classes')
    requireEnough(`${trainSize} training and ${testSize} test examples`, trainSize + testSize, order, pool, draw);
  else requireRows(trainSize + testSize, table);
  return {
    train: order.slice(0, trainSize),
    test: order.slice(order.length - testSize).reverse(),
  };
}

function requireRows(wanted: number, { rows, file }: OwnTable): void {
  if (wanted <= rows) return;
  throw new GgdlnError({
    code: 'GGDLN_INPUT',
    where,
    problem: `${wanted} training and test examples asked for, but ${file} has ${rows} rows`,
    remedy: `Set trainSize and testSize to at most ${rows} together`,
  });
}

function transform(settings: TableOptions, X: Matrix, answers: TableTargets, chosen: Chosen, { file }: OwnTable) {
  const steps: string[] = [];
  let [trainX, testX] = [rowsOf(X, chosen.train), rowsOf(X, chosen.test)];
  let [trainY, testY] = [rowsOf(answers.Y, chosen.train), rowsOf(answers.Y, chosen.test)];
  if (settings.standardise) {
    [trainX, testX] = standardiseColumns(trainX, testX);
    steps.push('inputs to mean 0 and variance 1 on the training examples');
    if (answers.kind === 'regression') {
      [trainY, testY] = standardiseColumns(trainY, testY);
      steps.push('targets to mean 0 and variance 1 on the training examples');
    }
  }
  if (settings.normalise) {
    const describe = (indices: Int32Array) => (row: number) => `row ${indices[row] + 1} of ${file}`;
    trainX = normaliseRows(trainX, describe(chosen.train));
    testX = normaliseRows(testX, describe(chosen.test));
    steps.push(`each input scaled to |x|² = N0 = ${X.cols}`);
  }
  return { trainX, testX, trainY, testY, steps };
}

function rowsOf(a: Matrix, indices: Int32Array): Matrix {
  const out = matrix(indices.length, a.cols);
  indices.forEach((index, row) => {
    out.data.set(a.data.subarray(index * a.cols, (index + 1) * a.cols), row * a.cols);
  });
  return out;
}
