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

/** Options that all datasets of labelled images share, besides the list of classes. */
export type ImageOptions = {
  readonly task: ChoiceOption<'odd-even' | 'pair' | 'classes'>;
  readonly coding: ChoiceOption<'plus-minus' | 'one-hot'>;
  readonly trainSize: IntegerOption;
  readonly testSize: IntegerOption;
  readonly testFrom: ChoiceOption<'test' | 'train'>;
  readonly balance: BooleanOption;
  readonly pixels: IntegerOption;
  readonly centre: BooleanOption;
  readonly normalise: BooleanOption;
};

/** What differs between datasets of images. */
interface ImageDefaults {
  /** e.g. `odd from even digits, two digits, or every digit`. */
  readonly taskHelp: string;
  readonly task: 'odd-even' | 'pair' | 'classes';
  /** Several classes, e.g. `digits`. */
  readonly nouns: string;
  readonly pixels: number;
  readonly pixelsHelp: string;
}

/** Declares the options of `ImageOptions`. */
export function imageOptions({ taskHelp, task, nouns, pixels, pixelsHelp }: ImageDefaults): ImageOptions {
  return {
    task: choice({
      title: 'Task',
      values: ['odd-even', 'pair', 'classes'],
      default: task,
      help: `What to tell apart: ${taskHelp}.`,
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
      help: `Equal numbers of all ${nouns}; off: as they occur in the file.`,
    }),
    pixels: integer({ title: 'Pixels a side', min: 1, max: 256, default: pixels, help: pixelsHelp }),
    centre: boolean({ title: 'Centre', default: false, help: 'Subtract the mean training image from every input.' }),
    normalise: boolean({
      title: 'Normalise',
      symbol: '|x|² = N0',
      default: true,
      help: 'Scale every input to |x|² = N0 (after centring).',
      equation: 'ggdln/12',
    }),
  };
}

/** The option that lists the classes which take part. */
export function classesOption(classes: readonly number[], help: string, title = 'Classes'): NumbersOption {
  return numbers({ title, integer: true, min: 0, max: 9, default: classes, help });
}

/** Values of the shared options, and the classes that take part. */
export type ImageSettings = OptionValues<ImageOptions> & {
  readonly classes: readonly number[];
};
