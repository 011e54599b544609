import {
  type BooleanOption,
  boolean,
  type ChoiceOption,
  choice,
  type IntegerOption,
  integer,
  type OptionValues,
  type TextOption,
  text,
} from '@ggdln/core';

/** Options of the dataset `table`. */
export const tableOptions: {
  readonly file: TextOption;
  readonly sha256: TextOption;
  readonly target: TextOption;
  readonly inputs: TextOption;
  readonly kind: ChoiceOption<'auto' | 'classes' | 'regression'>;
  readonly coding: ChoiceOption<'plus-minus' | 'one-hot'>;
  readonly trainSize: IntegerOption;
  readonly testSize: IntegerOption;
  readonly balance: BooleanOption;
  readonly standardise: BooleanOption;
  readonly normalise: BooleanOption;
} = {
  file: text({
    title: 'File',
    default: '',
    help: 'A .csv, .npy or .npz file in the current folder, or that of --data.',
  }),
  target: text({
    title: 'Target columns',
    default: '',
    help: 'Names with commas between them; empty: the last column.',
  }),
  inputs: text({ title: 'Input columns', default: '', help: 'Names with commas between them; empty: all the others.' }),
  kind: choice({
    title: 'Target is',
    values: ['auto', 'classes', 'regression'],
    default: 'auto',
    help: 'Auto: classes for text, or for at most 10 different whole numbers.',
  }),
  coding: choice({
    title: 'Classes as',
    values: ['plus-minus', 'one-hot'],
    default: 'plus-minus',
    help: 'One column of ±1 (two classes) or one a class, or 1 for the own class and 0 else.',
  }),
  trainSize: integer({
    title: 'Training examples',
    symbol: 'P',
    min: 1,
    default: 100,
    help: 'Number of training examples.',
  }),
  testSize: integer({ title: 'Test examples', min: 1, default: 50, help: 'Number of test examples.' }),
  balance: boolean({ title: 'Balanced', default: false, help: 'Equal numbers of all classes.' }),
  standardise: boolean({
    title: 'Standardise',
    default: true,
    help: 'Columns (and regression targets) to mean 0 and variance 1 on the training examples.',
  }),
  normalise: boolean({
    title: 'Normalise',
    symbol: '|x|² = N0',
    default: true,
    help: 'Scale every input to |x|² = N0 (after standardising).',
    equation: 'ggdln/12',
  }),
  sha256: text({
    title: 'SHA-256',
    default: '',
    help: 'What the file must be, in hexadecimal; empty: any file of that name.',
  }),
};

export type TableOptions = OptionValues<typeof tableOptions>;
