/** A positive function on the grid of multiples of some step: at (first + k)·step it is values[k]·exp(logScale). */
export interface GridFunction {
  readonly first: number;
  readonly values: Float64Array;
  readonly logScale: number;
}

/** Values below this share of the largest are cut off at both ends. */
const NEGLIGIBLE = 1e-290;
/** Where densities are cut off: exp(−300), or this far from the mode. */
const LOG_NEGLIGIBLE = 300;
const FARTHEST = 120;

/**
 * exp{N/2 (z − e^z) + θz}: the law of z = log(u/σ²) for u ~ σ²χ²_N/N, tilted by e^{θz}, as a share of its maximum.
 * @param tilt θ > −N/2. The mode is at log(1 + 2θ/N).
 */
export function logChiSquareDensity(width: number, tilt: number, step: number): GridFunction {
  const mode = Math.log1p((2 * tilt) / width);
  const sharpness = width / 2 + tilt;
  // Relative to the mode, so that large widths lose no digits.
  const log = (k: number) => {
    const distance = k * step - mode;
    return sharpness * (distance - Math.expm1(distance));
  };
  const most = Math.ceil(FARTHEST / step);
  const middle = Math.round(mode / step);
  let [first, last] = [middle, middle];
  while (log(first) > -LOG_NEGLIGIBLE && middle - first < most) first--;
  while (log(last) > -LOG_NEGLIGIBLE) last++;
  const values = Float64Array.from({ length: last - first + 1 }, (_, k) => Math.exp(log(first + k)));
  return { first, values, logScale: 0 };
}

/** log of the maximum that `logChiSquareDensity` leaves out. */
export function logMaximum(width: number, tilt: number): number {
  return (width / 2 + tilt) * (Math.log1p((2 * tilt) / width) - 1);
}

/** Sum over all ways to split an index: the law of a sum up to one factor of the step. */
export function convolve(a: GridFunction, b: GridFunction): GridFunction {
  const [short, long] = a.values.length < b.values.length ? [a.values, b.values] : [b.values, a.values];
  const values = new Float64Array(short.length + long.length - 1);
  for (let i = 0; i < short.length; i++) {
    const weight = short[i];
    for (let j = 0; j < long.length; j++) values[i + j] += weight * long[j];
  }
  return trimmed({ first: a.first + b.first, values, logScale: a.logScale + b.logScale });
}

/** The function times e^{power · z}. */
export function tilted(f: GridFunction, power: number, step: number): GridFunction {
  const middle = f.first + Math.floor(f.values.length / 2);
  const values = f.values.map((value, k) => value * Math.exp(power * step * (f.first + k - middle)));
  return trimmed({ first: f.first, values, logScale: f.logScale + power * step * middle });
}

/** Its value at an index, without `logScale`; 0 outside. */
export function valueAt({ first, values }: GridFunction, index: number): number {
  return index < first || index >= first + values.length ? 0 : values[index - first];
}

/** log Σ_k f(k). */
export function logSum({ values, logScale }: GridFunction): number {
  return Math.log(values.reduce((sum, value) => sum + value, 0)) + logScale;
}

/** Cut to where it isn't negligible, with largest value 1. */
function trimmed({ first, values, logScale }: GridFunction): GridFunction {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, value);
  let [start, end] = [0, values.length];
  while (values[start] <= NEGLIGIBLE * largest) start++;
  while (values[end - 1] <= NEGLIGIBLE * largest) end--;
  return {
    first: first + start,
    values: values.subarray(start, end).map((value) => value / largest),
    logScale: logScale + Math.log(largest),
  };
}
