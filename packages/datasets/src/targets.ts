import { inputError } from '@ggdln/core';

/** How classes become targets. */
export interface TargetCoding {
  /** What each target column says, e.g. `odd +1, even −1`. */
  readonly columns: readonly string[];
  /** The targets of a class, one a column. */
  encode(digit: number): readonly number[];
}

/** What is to be told apart, and how that is written. */
export interface Task {
  readonly task: 'odd-even' | 'pair' | 'classes';
  readonly digits: readonly number[];
  readonly coding: 'plus-minus' | 'one-hot';
}

const where = 'dataset mnist';

/**
 * The targets of a task. Two groups in `plus-minus` coding are one column, +1 for the first (odd digits; the first of
 * a pair) and −1 for the second; otherwise each group has a column, with 1 for its own and 0 (`one-hot`) or −1
 * (`plus-minus`) for the others.
 * @throws GGDLN_INPUT for repeated digits, or digits that don't make the task.
 */
export function targetCoding(settings: Task): TargetCoding {
  const { task, digits, coding } = settings;
  const repeated = digits.find((digit, index) => digits.indexOf(digit) !== index);
  if (repeated !== undefined) {
    throw inputError(where, `digit ${repeated} is listed twice in ${digits.join(', ')}`, 'List each digit once');
  }
  const groups = groupsOf(settings);
  if (task !== 'classes' && coding === 'plus-minus') {
    const [first, second] = groups;
    return {
      columns: [`${first.name} +1, ${second.name} −1`],
      encode: (digit) => [first.has(digit) ? 1 : -1],
    };
  }
  const off = coding === 'one-hot' ? 0 : -1;
  return {
    columns: groups.map(({ name }) => name),
    encode: (digit) => groups.map(({ has }) => (has(digit) ? 1 : off)),
  };
}

interface Group {
  readonly name: string;
  has(digit: number): boolean;
}

function groupsOf({ task, digits }: Task): Group[] {
  const single = (digit: number): Group => ({ name: `digit ${digit}`, has: (other) => other === digit });
  const listed = digits.length === 0 ? 'none' : digits.join(', ');
  switch (task) {
    case 'odd-even': {
      const groups = [1, 0].map((rest) => ({
        name: rest === 1 ? 'odd' : 'even',
        has: (digit: number) => digit % 2 === rest,
      }));
      const missing = groups.find(({ has }) => !digits.some(has));
      if (missing) {
        throw inputError(
          where,
          `of the digits ${listed} none is ${missing.name}`,
          'odd-even needs digits of both kinds',
        );
      }
      return groups;
    }
    case 'pair':
      if (digits.length !== 2) {
        throw inputError(
          where,
          `a pair task got ${digits.length} digits (${listed})`,
          'Set digits to two of them, e.g. 3, 8: the first becomes +1, the second −1',
        );
      }
      return digits.map(single);
    case 'classes':
      if (digits.length < 2) throw inputError(where, `a classes task got the digits ${listed}`, 'List at least two');
      return digits.map(single);
    default:
      return task satisfies never;
  }
}
