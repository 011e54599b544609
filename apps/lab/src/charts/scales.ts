import { type Axis, linearAxis, logAxis } from '@ggdln/plot';

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
