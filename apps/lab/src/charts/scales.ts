import { type Axis, formatNumber, linearAxis, logAxis } from '@ggdln/plot';

/** Takes a value to px, or px to a value. */
export type Scale = (value: number) => number;

/** Values of an axis to px, from one end to the other. */
export function scaleOf(axis: Axis, from: number, to: number): Scale {
  const place = axis.scale === 'log' ? Math.log10 : (value: number) => value;
  const [low, high] = axis.domain.map(place);
  return (value) => from + ((place(value) - low) / (high - low)) * (to - from);
}

/** Px back to values. */
export function valueAt(axis: Axis, from: number, to: number): Scale {
  const place = axis.scale === 'log' ? Math.log10 : (value: number) => value;
  const [low, high] = axis.domain.map(place);
  return (at) => {
    const value = low + ((at - from) / (to - from)) * (high - low);
    return axis.scale === 'log' ? 10 ** value : value;
  };
}

/** How an axis is made from its values. */
export interface AxisRequest {
  readonly scale?: 'linear' | 'log' | undefined;
  readonly zero?: boolean | undefined;
  readonly maxTicks?: number;
}

/** An axis that holds all values; on a log axis those that aren't positive are left out, and 1 stands for none. */
export function axisOf(values: readonly number[], { scale = 'linear', zero, maxTicks }: AxisRequest = {}): Axis {
  const finite = values.filter(Number.isFinite);
  if (scale === 'log') {
    const positive = finite.filter((value) => value > 0);
    return logAxis(positive.length > 0 ? positive : [1, 10]);
  }
  const options = { ...(zero === undefined ? {} : { zero }), ...(maxTicks === undefined ? {} : { maxTicks }) };
  return linearAxis(finite.length > 0 ? finite : [0, 1], options);
}

/**
 * Remembers how far the values of each axis have reached, so that scales only grow while numbers come in.
 * @returns Per key the values to hold in view: those given and the ends of before.
 */
export function createGrowth(): {
  /** Forgets everything when the key changes, e.g. another experiment or the end of a run. */
  begin(key: string): void;
  /** Forgets everything. */
  reset(): void;
  hold(axis: string, values: readonly number[]): readonly number[];
} {
  let current = '';
  let ends = new Map<string, readonly [number, number]>();
  return {
    begin(key) {
      if (key === current) return;
      current = key;
      ends = new Map();
    },
    reset() {
      ends = new Map();
    },
    hold(axis, values) {
      const finite = values.filter(Number.isFinite);
      const before = ends.get(axis) ?? [];
      if (finite.length === 0 && before.length === 0) return [];
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      for (const value of [...finite, ...before]) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      ends.set(axis, [low, high]);
      return [low, high];
    },
  };
}

/** Digits that the ends of a narrow stretch of an axis may differ in, of the sixteen that numbers have. */
const NARROWEST = 1e-9;

/** Whether a stretch of an axis has ends that numbers can tell apart. */
export function isStretch([low, high]: readonly [low: number, high: number]): boolean {
  return high - low > NARROWEST * Math.max(Math.abs(low), Math.abs(high));
}

/** An axis over a stretch of another, from end to end, with ticks of its own; the axis as it is where there is none. */
export function axisOver(axis: Axis, ends: readonly [low: number, high: number]): Axis {
  const [low, high] = ends;
  if (!isStretch(ends)) return axis;
  const inside = (value: number) => value >= low && value <= high;
  const linear = linearAxis([low, high], { zero: false });
  const linearTicks = linear.ticks.filter(({ value }) => inside(value));
  if (axis.scale === 'linear') return { ...linear, domain: ends, ticks: linearTicks };
  const log = logAxis([low, high]);
  const marked = [...log.ticks.map(({ value }) => value), ...log.minor].filter(inside).sort((a, b) => a - b);
  const decades = log.ticks.filter(({ value }) => inside(value));
  const leading = marked.filter((value) => /^[125]/.test(value.toExponential()));
  // Few decades are told apart by plain numbers: 1, 2 and 5 of each, and less than that spaced evenly in value.
  const plain = leading.length >= 3 ? leading : linearTicks.map(({ value }) => value);
  const ticks = decades.length >= 3 ? decades : plain.map((value) => ({ value, label: formatNumber(value, 6) }));
  const labelled = new Set(ticks.map(({ value }) => value));
  return { ...log, domain: ends, ticks, minor: marked.filter((value) => !labelled.has(value)) };
}
