import { formatFixed, formatNumber, superscript } from './format.ts';

export type ScaleType = 'linear' | 'log';

export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** An axis as plain data: what part of the numbers is shown, and where ticks stand. */
export interface Axis {
  readonly scale: ScaleType;
  readonly domain: readonly [number, number];
  readonly ticks: readonly Tick[];
  /** Unlabelled ticks between decades. */
  readonly minor: readonly number[];
  /** Tick labels are multiples of 10 to this power; 0 for labels that stand for themselves. */
  readonly exponent: number;
}

export interface LinearAxisOptions {
  /** The most ticks; there are at least four. Default 6. */
  readonly maxTicks?: number;
  /** Whether zero is shown. Default: when it costs less than a quarter of the axis. */
  readonly zero?: boolean;
  /** Ticks on whole numbers alone, however few there are: of numbers that count. Default false. */
  readonly whole?: boolean;
}

/**
 * A linear axis that holds all of `values`, with 4 to `maxTicks` ticks on multiples of 1, 2, 2.5 or 5 × 10ⁿ. It ends
 * just outside the data where that leaves four ticks (of whole numbers, one), else on ticks.
 */
export function linearAxis(values: readonly number[], options: LinearAxisOptions = {}): Axis {
  const [low, high] = paddedExtent(values, options.zero);
  const maxTicks = options.maxTicks ?? 6;
  const whole = options.whole === true;
  const inner = tickStep(low, high, maxTicks, Math.ceil, Math.floor, whole);
  const tight = inner.last - inner.first >= (whole ? 0 : 3);
  const { step, first, last } = tight ? inner : tickStep(low, high, maxTicks, Math.floor, Math.ceil, whole);
  const at = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  const exponent = sharedExponent(Math.max(...at.map(Math.abs)), step);
  const decimals = decimalsOf(step / 10 ** exponent);
  return {
    scale: 'linear',
    domain: tight ? [low, high] : [at[0], at[at.length - 1]],
    ticks: at.map((value) => ({ value, label: formatFixed(value / 10 ** exponent, decimals) })),
    minor: [],
    exponent,
  };
}

/** A logarithmic axis that holds all of `values` (each > 0): decades labelled 10ⁿ, minor ticks unlabelled. */
export function logAxis(values: readonly number[]): Axis {
  const low = Math.log10(Math.min(...values));
  const high = Math.log10(Math.max(...values));
  const padding = Math.max(0.04 * (high - low), 0.06);
  const domain = [10 ** (low - padding), 10 ** (high + padding)] as const;
  const inside = (value: number) => value >= domain[0] && value <= domain[1];
  const from = Math.floor(low - padding);
  const exponents = Array.from({ length: Math.ceil(high + padding) - from + 1 }, (_, i) => from + i);
  const decades = exponents.filter((e) => inside(power(1, e)));
  const all = exponents.flatMap((e) => [1, 2, 3, 4, 5, 6, 7, 8, 9].map((m) => power(m, e))).filter(inside);
  const every = Math.ceil(decades.length / 7);
  let ticks = decades.filter((e) => e % every === 0).map((e) => ({ value: power(1, e), label: `10${superscript(e)}` }));
  // Less than two decades give fewer than two labels to read numbers by: name 2 and 5 as well, as plain numbers.
  if (decades.length < 2) ticks = narrowTicks(all).map((value) => ({ value, label: formatNumber(value) }));
  const labelled = new Set(ticks.map((tick) => tick.value));
  return { scale: 'log', domain, ticks, minor: all.filter((value) => !labelled.has(value)), exponent: 0 };
}

/** True for a value that the axis has no room for. */
export function isOffScale(value: number, axis: Axis): boolean {
  return value < axis.domain[0] || value > axis.domain[1];
}

function narrowTicks(all: readonly number[]): readonly number[] {
  const leading = all.filter((value) => ['1', '2', '5'].includes(value.toExponential()[0]));
  return leading.length >= 2 ? leading : all;
}

/** m × 10ᵉ without the rounding error of 10 ** e for e < 0. */
const power = (mantissa: number, exponent: number): number => Number(`${mantissa}e${exponent}`);

function paddedExtent(values: readonly number[], zero?: boolean): [number, number] {
  let low = Math.min(...values);
  let high = Math.max(...values);
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const smallest = low > 0 ? low : high < 0 ? -high : 0;
  if (zero ?? smallest < largest / 4) {
    low = Math.min(low, 0);
    high = Math.max(high, 0);
  }
  // Values that differ by rounding alone get the axis of one value.
  const spread = high - low > 1e-9 * largest ? high - low : largest;
  const padding = spread > 1e-300 ? 0.05 * spread : 1;
  return [low === 0 && high > 0 ? 0 : low - padding, high === 0 && low < 0 ? 0 : high + padding];
}

/**
 * The smallest step with at most `maxTicks` multiples from `start(low)` to `end(high)`: inside the interval with ceil
 * and floor, around it with floor and ceil.
 */
function tickStep(
  low: number,
  high: number,
  maxTicks: number,
  start: (x: number) => number,
  end: (x: number) => number,
  whole: boolean,
): { step: number; first: number; last: number } {
  for (let exponent = Math.floor(Math.log10((high - low) / maxTicks)) - 1; ; exponent++) {
    for (const mantissa of [1, 2, 2.5, 5]) {
      const step = power(mantissa, exponent);
      if (whole && !Number.isInteger(step)) continue;
      // Rounding first keeps a bound that sits on a tick from adding or losing one.
      const first = start(Number((low / step).toPrecision(12)));
      const last = end(Number((high / step).toPrecision(12)));
      if (last - first < maxTicks) return { step, first, last };
    }
  }
}

/** A common power of ten (a multiple of three) for tick labels that would otherwise be long. */
function sharedExponent(largest: number, step: number): number {
  if (largest >= 1e5 || (largest < 0.1 && step < 0.01)) return 3 * Math.floor(Math.log10(largest) / 3 + 1e-9);
  return 0;
}

function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < 12; decimals++) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return decimals;
  }
  return 12;
}
