import type { NumericOption } from './listSyntax.ts';

/** Positions of a slider. */
export const POSITIONS = 200;
/** Ranges wider than this can't be set by a linear slider. */
const WIDEST = 2000;

/** Whether an option has a slider: it is bounded on both sides and its range isn't too wide to be hit. */
export function hasSlider({ min, max, scale }: NumericOption): boolean {
  if (min === undefined || max === undefined) return false;
  return scale === 'log' ? min > 0 : max - min <= WIDEST;
}

/** The value at a position from 0 to `POSITIONS`. */
export function valueAt(position: number, option: NumericOption): number {
  const { min = 0, max = 1 } = option;
  const share = position / POSITIONS;
  if (share <= 0) return min;
  if (share >= 1) return max;
  const value = option.scale === 'log' ? min * (max / min) ** share : min + (max - min) * share;
  if (option.type === 'integer') return Math.round(option.scale === 'log' ? Number(value.toPrecision(2)) : value);
  return Number(value.toPrecision(option.scale === 'log' ? 2 : 3));
}

/** Where a value stands. */
export function positionOf(value: number, option: NumericOption): number {
  const { min = 0, max = 1 } = option;
  const share =
    option.scale === 'log' ? Math.log(Math.max(value, min) / min) / Math.log(max / min) : (value - min) / (max - min);
  return Math.round(Math.min(1, Math.max(0, share)) * POSITIONS);
}

/** One step of an arrow key: 1 for whole numbers, a tenth of the leading decade for others; never out of range. */
export function stepped(value: number, direction: 1 | -1, large: boolean, option: NumericOption): number {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, exclusiveMin = false } = option;
  const decade = value === 0 ? 0.1 : 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
  const step = (option.type === 'integer' ? 1 : decade) * (large ? 10 : 1);
  const next = Number((value + direction * step).toPrecision(12));
  if (next < min || (exclusiveMin && next <= min)) return exclusiveMin ? value : min;
  return Math.min(next, max);
}
