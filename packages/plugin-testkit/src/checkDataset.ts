import {
  canonicalJson,
  type Dataset,
  type DatasetEntry,
  type Examples,
  type FileSource,
  type JsonObject,
  type LinalgBackend,
} from '@ggdln/core';
import { type Check, demand, demandJson, once } from './check.ts';
import { checkEntry, resolved } from './checkEntry.ts';
import { demandMatrix, demandSameBits } from './compare.ts';
import { sampleContext } from './samples.ts';

/** What a dataset is tested with. */
export interface DatasetSetup {
  /** Raw option values, as in a spec file; keep the dataset small. */
  readonly options?: JsonObject;
  /** Where it reads its files from, if it has any. */
  readonly files?: FileSource;
  /** Default: the portable backend. */
  readonly linalg?: LinalgBackend;
}

/** The contract of a dataset, as checks that need no test runner; `testDataset` runs them under vitest. */
export function checkDataset(entry: DatasetEntry, setup: DatasetSetup = {}): Check[] {
  const load = async () => {
    const context = sampleContext(setup.linalg);
    const options = resolved<'dataset'>(entry, setup.options);
    return entry.create(options, setup.files ? { ...context, files: setup.files } : context);
  };
  const loaded = once(load);
  const check = (name: string, run: (dataset: Dataset) => void | Promise<void>): Check => ({
    name,
    run: async () => run(await loaded()),
  });
  return [
    ...checkEntry(entry),
    check('has training and test examples with finite inputs and targets', ({ train, test }) => {
      demandExamples('train', train);
      demandExamples('test', test);
    }),
    check('has one input dimension and one number of targets in both splits', ({ train, test }) => {
      demand(
        train.X.cols === test.X.cols,
        `N0 is ${train.X.cols} in training, ${test.X.cols} in test; expected one number`,
      );
      demand(
        train.Y.cols === test.Y.cols,
        `C is ${train.Y.cols} in training, ${test.Y.cols} in test; expected one number`,
      );
    }),
    check('gives tasks to both splits or to none, numbered from 0', ({ train, test }) => {
      demand(!train.tasks === !test.tasks, 'one split has tasks, the other has none; expected both or neither');
      demandTasks('train', train);
      demandTasks('test', test);
    }),
    check('says in plain JSON what was loaded and done', ({ provenance }) => {
      demandJson('provenance', provenance);
      demand(
        Object.keys(provenance).length > 0,
        'provenance is empty, expected what was made, e.g. its name and options',
      );
    }),
    check('gives the same bits for the same stream', async (dataset) => {
      const again = await load();
      for (const split of ['train', 'test'] as const) demandSameExamples(split, again[split], dataset[split]);
      demand(
        canonicalJson(again.provenance) === canonicalJson(dataset.provenance),
        'the provenance differs, expected the same for the same stream',
      );
    }),
  ];
}

function demandExamples(split: string, { X, Y }: Examples): void {
  demand(X.rows > 0 && X.cols > 0, `${split} inputs are ${X.rows} × ${X.cols}, expected at least one row and column`);
  demandMatrix(`${split} inputs`, X, X.rows, X.cols);
  demand(Y.cols > 0, `${split} examples have no targets, expected at least one column`);
  demandMatrix(`${split} targets`, Y, X.rows, Y.cols);
}

function demandTasks(split: string, { X, tasks }: Examples): void {
  if (!tasks) return;
  demand(tasks instanceof Int32Array, `${split} tasks are no Int32Array, expected one`);
  demand(tasks.length === X.rows, `${split} has ${tasks.length} tasks, expected one for each of ${X.rows} examples`);
  const negative = tasks.findIndex((task) => task < 0);
  demand(negative < 0, `${split} example ${negative} belongs to task ${tasks[negative]}, expected 0, 1, …`);
}

function demandSameExamples(split: string, found: Examples, expected: Examples): void {
  demandSameBits(`${split} inputs loaded again`, found.X.data, expected.X.data);
  demandSameBits(`${split} targets loaded again`, found.Y.data, expected.Y.data);
  demandSameBits(`${split} tasks loaded again`, found.tasks ?? [], expected.tasks ?? []);
}
