import { type IntegerOption, isGgdlnError, type NumberOption, readOption } from '@ggdln/core';

/** An option that can be swept. */
export type NumericOption = IntegerOption | NumberOption;

/** What a text says of a numeric option: one value, several that make a sweep, or why it says neither. */
export type ReadList = { readonly values: readonly number[] } | { readonly problem: string };

const MOST_VALUES = 60;
const RANGE = /^(\S+?)\s*(?:\.\.|…)\s*(\S+?)\s*[x×*]\s*(\d+)$/;

/**
 * Reads what is typed into the field of a numeric option: `30`, a list `10, 30, 100`, or a range with the number of
 * its values, `10..1000 x5`. Ranges are spaced evenly, on log scales evenly in the logarithm; whole numbers are
 * rounded, and none stands there twice.
 */
export function readList(text: string, option: NumericOption): ReadList {
  const plain = text
    .replace(/[\u2009\u202f\u00a0]/g, '')
    .replaceAll('−', '-')
    .trim();
  const range = RANGE.exec(plain);
  const values = range ? spaced(range, option) : plain.split(/\s*[,;]\s*/).filter((part) => part !== '');
  if ('problem' in values) return values;
  if (values.length === 0) return { problem: 'Give a number.' };
  if (values.length > MOST_VALUES) return { problem: `${values.length} values are more than ${MOST_VALUES}.` };
  try {
    const read = values.map((value) => readOption(option, value, option.title) as number);
    return { values: [...new Set(read)] };
  } catch (error) {
    if (!isGgdlnError(error)) throw error;
    return { problem: `${error.problem}. ${error.remedy ?? ''}.` };
  }
}

function spaced([, low, high, count]: RegExpExecArray, option: NumericOption): readonly number[] | { problem: string } {
  const [from, to, n] = [Number(low), Number(high), Number(count)];
  if (!Number.isFinite(from) || !Number.isFinite(to) || from >= to) {
    return { problem: `${low}..${high} is no range. Give the lowest and the highest value, e.g. 10..1000 x5.` };
  }
  if (n < 2 || n > MOST_VALUES) return { problem: `x${n}: give between 2 and ${MOST_VALUES} values.` };
  const log = option.scale === 'log';
  if (log && from <= 0) return { problem: `${low} is not above 0, and this range is spaced by its logarithm.` };
  return Array.from({ length: n }, (_, i) => {
    const share = i / (n - 1);
    if (share === 0 || share === 1) return share === 0 ? from : to;
    const value = log ? from * (to / from) ** share : from + (to - from) * share;
    return option.type === 'integer' ? Math.round(value) : Number(value.toPrecision(3));
  });
}

/** Values as they are typed: `10, 30, 100`. */
export function writeList(values: readonly unknown[]): string {
  return values.join(', ');
}

/** Values in a summary: `10 … 1 000`. */
export function shortList(values: readonly unknown[]): string {
  if (values.length <= 2) return values.map(grouped).join(', ');
  return `${grouped(values[0])} … ${grouped(values[values.length - 1])}`;
}

/** A number with thin spaces between its thousands and a true minus. */
export function grouped(value: unknown): string {
  if (typeof value !== 'number') return String(value);
  const [whole, rest] = String(value).split('.');
  const spacedWhole = /e/.test(whole) ? whole : whole.replace(/\B(?=(\d{3})+$)/g, '\u2009');
  return (rest === undefined ? spacedWhole : `${spacedWhole}.${rest}`).replace('-', '−');
}
