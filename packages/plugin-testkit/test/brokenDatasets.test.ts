import { type Dataset, defineDataset } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { type Check, checkDataset, failedChecks } from '../src/index.ts';
import { teacher } from './soundParts.ts';

const ofDataset = (change: (dataset: Dataset) => unknown): Check[] => {
  const texts = { title: 'Teacher', summary: 'For tests.', options: {} };
  return checkDataset(defineDataset({ ...texts, create: (_, context) => change(teacher(context)) as Dataset }));
};

describe('checkDataset', () => {
  const examples = 'has training and test examples with finite inputs and targets';

  it('passes a sound dataset', async () => {
    expect(await failedChecks(ofDataset((dataset) => dataset))).toEqual([]);
  });

  const cases: [string, (dataset: Dataset) => unknown, string][] = [
    [
      'NaN in the inputs',
      ({ train, ...rest }) => ({
        ...rest,
        train: { ...train, X: matrix(8, 3, new Float64Array(24).fill(Number.NaN)) },
      }),
      examples,
    ],
    [
      'fewer targets than inputs',
      ({ train, ...rest }) => ({ ...rest, train: { ...train, Y: matrix(7, 1) } }),
      examples,
    ],
    [
      'splits of different dimensions',
      ({ test, ...rest }) => ({ ...rest, test: { ...test, X: matrix(4, 2) } }),
      'has one input dimension and one number of targets in both splits',
    ],
    [
      'tasks in one split alone',
      ({ test: { X, Y }, ...rest }) => ({ ...rest, test: { X, Y } }),
      'gives tasks to both splits or to none, numbered from 0',
    ],
    [
      'a provenance that no file can hold',
      (dataset) => ({ ...dataset, provenance: { at: new Date(0) } }),
      'says in plain JSON what was loaded and done',
    ],
    [
      'randomness of its own',
      ({ train, ...rest }) => ({ ...rest, train: { ...train, Y: matrix(8, 1, train.Y.data.map(Math.random)) } }),
      'gives the same bits for the same stream',
    ],
  ];
  it.each(cases)('finds %s', async (_, change, name) => {
    expect((await failedChecks(ofDataset(change))).map((failure) => failure.name)).toEqual([name]);
  });
});
