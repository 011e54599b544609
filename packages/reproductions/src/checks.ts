/** A line of a report: something that should hold, what was found, and whether it does. */
export interface Check {
  readonly what: string;
  /** What should be found, in words and numbers. */
  readonly expected: string;
  readonly found: number;
  /** Standard error of `found`; `null` where there is no sampling noise. */
  readonly stderr: number | null;
  readonly pass: boolean;
}

/** A number with its standard error, if it has one. */
export interface Found {
  readonly value: number;
  readonly stderr?: number | null;
}

const found = ({ value, stderr = null }: Found) => ({ found: value, stderr });

/** `found` lies in [low, high]. */
export function between(what: string, number: Found, low: number, high: number): Check {
  const pass = number.value >= low && number.value <= high;
  return { what, expected: range(low, high), ...found(number), pass };
}

function range(low: number, high: number): string {
  if (low === Number.NEGATIVE_INFINITY) return `at most ${digits(high)}`;
  return high === Number.POSITIVE_INFINITY ? `at least ${digits(low)}` : `from ${digits(low)} to ${digits(high)}`;
}

/**
 * `found` is `target` up to a tolerance and three of its standard errors.
 * @param tolerance Absolute: what theory leaves out, or the rounding of the target.
 */
export function near(what: string, number: Found, target: number, tolerance: number): Check {
  const allowed = tolerance + 3 * (number.stderr ?? 0);
  const noise = number.stderr ? ' and 3 s.e.' : '';
  const pass = Math.abs(number.value - target) <= allowed;
  return { what, expected: `${digits(target)} within ${digits(tolerance)}${noise}`, ...found(number), pass };
}

/**
 * The mean over draws of data and gates agrees with a number that was measured on one other draw: |mean − target| is at
 * most what 99 % of new draws would show, t·s·√(1 + 1/n) with s the scatter of the n draws.
 */
export function likeOneDraw(what: string, draws: readonly number[], target: number): Check {
  const { mean, scatter } = momentsOf(draws);
  const band = studentT99(draws.length - 1) * scatter * Math.sqrt(1 + 1 / draws.length);
  return {
    what,
    expected: `${digits(target)} on one draw; 99 % of draws lie within ${digits(band)}`,
    found: mean,
    stderr: scatter / Math.sqrt(draws.length),
    pass: Math.abs(mean - target) <= band,
  };
}

/** How far the mean of n draws may lie from a page's mean (scatter) of `pageDraws`: three standard errors of both. */
export function pageBand(scatter: number, draws: number, pageDraws: number): number {
  return 3 * scatter * Math.sqrt(1 / draws + 1 / pageDraws);
}

/** Values go one way at every step, by more than `slack`; `found` is the step that goes least. */
export function falls(what: string, values: readonly number[], slack = 0): Check {
  const steps = values.slice(1).map((value, i) => value - values[i]);
  const worst = Math.max(...steps);
  return { what, expected: 'falls at every step', found: worst, stderr: null, pass: worst < slack };
}

/** The opposite of `falls`. */
export function rises(what: string, values: readonly number[], slack = 0): Check {
  const worst = -falls(
    what,
    values.map((value) => -value),
    slack,
  ).found;
  return { what, expected: 'rises at every step', found: worst, stderr: null, pass: worst > -slack };
}

/** Mean and standard deviation (n − 1) of some draws; one draw has scatter 0. */
export function momentsOf(draws: readonly number[]): { readonly mean: number; readonly scatter: number } {
  const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
  const squares = draws.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, scatter: draws.length > 1 ? Math.sqrt(squares / (draws.length - 1)) : 0 };
}

/** Two-sided 99 % points of Student's t for 1, 2, … degrees of freedom. */
const T99 = [63.66, 9.925, 5.841, 4.604, 4.032, 3.707, 3.499, 3.355, 3.25, 3.169, 3.106, 3.055, 3.012, 2.977, 2.947];

function studentT99(freedom: number): number {
  if (freedom < 1) return 0;
  return T99[freedom - 1] ?? 2.576 * (1 + 2.4 / freedom);
}

const digits = (value: number): string => String(Number(value.toPrecision(3)));
