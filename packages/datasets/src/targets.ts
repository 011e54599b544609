import { inputError } from '@ggdln/core';

/** How classes become targets. */
export interface TargetCoding {
  /** What each target column says, e.g. `odd +1, even −1`. */
  readonly columns: readonly string[];
  /** The targets of a class, one a column. */
  encode(label: number): readonly number[];
}

/** What is to be told apart, and how that is written. */
export interface Task {
  readonly task: 'odd-even' | 'pair' | 'classes';
  readonly classes: readonly number[];
  readonly coding: 'plus-minus' | 'one-hot';
}

/** How a dataset calls its classes. */
export interface ClassNames {
  /** Name of the dataset, e.g. `mnist`. */
  readonly dataset: string;
  /** What a class is, e.g. `digit`, and several, e.g. `digits`: the name of the option that lists them. */
  readonly noun: string;
  readonly nouns: 'digits' | 'classes';
  /** e.g. `digit 3`, `trouser`. */
  nameOf(label: number): string;
}

/**
 * The targets of a task. Two groups in `plus-minus` coding are one column, +1 for the first (odd digits; the first of
 * a pair) and −1 for the second; otherwise each group has a column, with 1 for its own and 0 (`one-hot`) or −1
 * (`plus-minus`) for the others.
 * @throws GGDLN_INPUT for repeated classes, or classes that don't make the task.
 */
export function targetCoding(settings: Task, names: ClassNames): TargetCoding {
  const { task, classes, coding } = settings;
  const repeated = classes.find((label, index) => classes.indexOf(label) !== index);
  if (repeated !== undefined) {
    throw inputError(
      `dataset ${names.dataset}`,
      `${names.noun} ${repeated} is listed twice in ${classes.join(', ')}`,
      `List each ${names.noun} once`,
    );
  }
  const groups = groupsOf(settings, names);
  if (task !== 'classes' && coding === 'plus-minus') {
    const [first, second] = groups;
    return {
      columns: [`${first.name} +1, ${second.name} −1`],
      encode: (label) => [first.has(label) ? 1 : -1],
    };
  }
  const off = coding === 'one-hot' ? 0 : -1;
  return {
    columns: groups.map(({ name }) => name),
    encode: (label) => groups.map(({ has }) => (has(label) ? 1 : off)),
  };
}

interface Group {
  readonly name: string;
  has(label: number): boolean;
}

function groupsOf({ task, classes }: Task, { dataset, nouns, nameOf }: ClassNames): Group[] {
  const where = `dataset ${dataset}`;
  const single = (label: number): Group => ({ name: nameOf(label), has: (other) => other === label });
  const listed = classes.length === 0 ? 'none' : classes.join(', ');
  switch (task) {
    case 'odd-even': {
      const groups = [1, 0].map((rest) => ({
        name: rest === 1 ? 'odd' : 'even',
        has: (label: number) => label % 2 === rest,
      }));
      const missing = groups.find(({ has }) => !classes.some(has));
      if (missing) {
        throw inputError(
          where,
          `of the ${nouns} ${listed} none is ${missing.name}`,
          `odd-even needs ${nouns} of both kinds`,
        );
      }
      return groups;
    }
    case 'pair':
      if (classes.length !== 2) {
        throw inputError(
          where,
          `a pair task got ${classes.length} ${nouns} (${listed})`,
          `Set ${nouns} to two of them, e.g. 3, 8: the first becomes +1, the second −1`,
        );
      }
      return classes.map(single);
    case 'classes':
      if (classes.length < 2) throw inputError(where, `a classes task got the ${nouns} ${listed}`, 'List at least two');
      return classes.map(single);
    default:
      return task satisfies never;
  }
}
