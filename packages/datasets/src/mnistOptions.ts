import {
  type BooleanOption,
  boolean,
  type ChoiceOption,
  choice,
  type IntegerOption,
  integer,
  type NumbersOption,
  numbers,
  type OptionValues,
} from '@ggdln/core';

/** Options of the dataset `mnist`. */
export const mnistOptions: {
  readonly task: ChoiceOption<'odd-even' | 'pair' | 'classes'>;
  readonly digits: NumbersOption;
  readonly coding: ChoiceOption<'plus-minus' | 'one-hot'>;
  readonly trainSize: IntegerOption;
  readonly testSize: IntegerOption;
  readonly testFrom: ChoiceOption<'test' | 'train'>;
  readonly balance: BooleanOption;
  readonly pixels: IntegerOption;
  readonly centre: BooleanOption;
  readonly normalise: BooleanOption;
} = {
  task: choice({
    title: 'Task',
    values: ['odd-even', 'pair', 'classes'],
    default: 'odd-even',
    help: 'What to tell apart: odd from even digits, two digits, or every digit.',
  }),
  digits: numbers({
    title: 'Digits',
    integer: true,
    min: 0,
    max: 9,
    default: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    help: 'Which digits take part; two for a pair, the first of which becomes +1.',
  }),
  coding: choice({
    title: 'Targets',
    values: ['plus-minus', 'one-hot'],
    default: 'plus-minus',
    help: 'One column of ±1 (two groups) or one a class, or 1 for the own class and 0 else.',
  }),
  trainSize: integer({
    title: 'Training examples',
    symbol: 'P',
    min: 1,
    default: 100,
    help: 'Number of training examples.',
  }),
  testSize: integer({ title: 'Test examples', min: 1, default: 200, help: 'Number of test examples.' }),
  testFrom: choice({
    title: 'Test examples from',
    values: ['test', 'train'],
    default: 'test',
    help: 'The test file, or images of the training file that are not trained on.',
  }),
  balance: boolean({
    title: 'Balanced',
    default: true,
    help: 'Equal numbers of every digit; off: as they occur in the file.',
  }),
  pixels: integer({
    title: 'Pixels a side',
    min: 1,
    max: 256,
    default: 7,
    help: 'Side after averaging square patches; divides 28: 28, 14, 7, 4, 2 or 1. N0 = side².',
  }),
  centre: boolean({ title: 'Centre', default: false, help: 'Subtract the mean training image from every input.' }),
  normalise: boolean({
    title: 'Normalise',
    symbol: '|x|² = N0',
    default: true,
    help: 'Scale every input to |x|² = N0 (after centring).',
    equation: 'ggdln/12',
  }),
};

export type MnistOptions = OptionValues<typeof mnistOptions>;
