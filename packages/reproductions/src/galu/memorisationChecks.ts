import type { Row } from '@ggdln/core';
import { between, type Check, momentsOf, near, pageBand } from '../checks.ts';

/** m inputs of d dimensions. */
export interface Size {
  readonly inputs: number;
  readonly dimension: number;
  readonly ratios: readonly number[];
  readonly draws: number;
}

/** What is memorised, and by what. */
export interface MemorisationSetting {
  /** The first is that of the theory page's table; the others should fall on its curve. */
  readonly sizes: readonly Size[];
  /** kd/m at which ReLU networks are trained, on inputs of the first size. */
  readonly relu: readonly number[];
  readonly reluDraws: number;
  readonly steps: number;
  /** Labels to separate by linear programming. */
  readonly separate: readonly number[];
  /** So few neurons that inputs without an open gate matter. */
  readonly narrow: Size;
  /** Draws for the scatter of the error, at kd/m = 1/2 and 3/4. */
  readonly spread: number;
}

/** What a size is called in tables and figures. */
export const sizeName = ({ inputs, dimension }: Pick<Size, 'inputs' | 'dimension'>): string =>
  `m = ${inputs}, d = ${dimension}`;

/** A line of the table of the theory page galu, section 3: m = 200, d = 10, five draws, three of ReLU. */
interface PageLine {
  readonly ratio: number;
  /** Least squares: mean squared error, share of wrong signs, and share of draws that are separable. */
  readonly error: number;
  readonly signs: number;
  readonly separable: readonly [low: number, high: number];
  /** Mean squared error of gradient descent after 300 and 3000 steps. */
  readonly descent: readonly [number, number];
  /**
   * ReLU: mean squared error and its scatter; wrong signs under logistic loss and their scatter. Three draws tell scatters
   * badly: where twelve draws of another program, or six of ours, scatter more, theirs is written here.
   */
  readonly relu: readonly [number, number];
  readonly logistic: readonly [number, number];
}

const NEVER = [0, 0.2] as const;
const ALWAYS = [0.8, 1] as const;
const line = (
  ratio: number,
  [error, signs]: readonly [number, number],
  separable: readonly [number, number],
  descent: readonly [number, number],
  relu: readonly [number, number],
  logistic: readonly [number, number] = [0, 0],
): PageLine => ({ ratio, error, signs, separable, descent, relu, logistic });

const PAGE: readonly PageLine[] = [
  line(0.25, [0.746, 0.329], NEVER, [0.747, 0.746], [0.688, 0.085], [0.308, 0.05]),
  line(0.4, [0.594, 0.209], NEVER, [0.599, 0.594], [0.548, 0.08], [0.135, 0.06]),
  line(0.5, [0.51, 0.16], [0, 0.8], [0.521, 0.51], [0.365, 0.07], [0.04, 0.039]),
  line(0.6, [0.398, 0.111], ALWAYS, [0.428, 0.398], [0.263, 0.041], [0.003, 0.005]),
  line(0.75, [0.269, 0.052], ALWAYS, [0.336, 0.272], [0.135, 0.03]),
  line(0.9, [0.129, 0.005], ALWAYS, [0.27, 0.157], [0.05, 0.024]),
  line(1, [0, 0], ALWAYS, [0.213, 0.071], [0.01, 0.006]),
  line(1.1, [0, 0], ALWAYS, [0.18, 0.034], [0.003, 0.002]),
  line(1.25, [0, 0], ALWAYS, [0.146, 0.01], [0, 0]),
  line(1.5, [0, 0], ALWAYS, [0.116, 0.002], [0, 0]),
  line(2, [0, 0], ALWAYS, [0.068, 0], [0, 0]),
];

/** The same page: m = 1000, d = 50, error of least squares. */
const WIDE: readonly (readonly [ratio: number, error: number])[] = [
  [0.25, 0.749],
  [0.4, 0.606],
  [0.5, 0.501],
  [0.6, 0.396],
  [0.75, 0.249],
  [0.9, 0.095],
];

/** The same page: m = 200, d = 40, rank over m, share of draws that are separable, error of ReLU and its scatter. */
const NARROW: readonly {
  readonly neurons: number;
  readonly rank: number;
  readonly separable: readonly [number, number];
  readonly relu: readonly [number, number];
}[] = [
  { neurons: 5, rank: 0.98, separable: [0, 0.2], relu: [0.144, 0.076] },
  { neurons: 6, rank: 0.993, separable: [0, 0.7], relu: [0.048, 0.014] },
  { neurons: 8, rank: 0.998, separable: [0.3, 1], relu: [0.008, 0.02] },
];

/** Both means scatter, the page's over three draws; below 0.004 it prints one or two digits. */
const reluBand = (scatter: number, draws: number): number => 0.004 + pageBand(scatter, draws, 3);

/** The numbers that the figure should show. @param rows One a size, kd/m, draw and metric. */
export function memorisationChecks(rows: readonly Row[], setting: MemorisationSetting): Check[] {
  const { sizes } = setting;
  const [first] = sizes;
  const draws = (size: string, metric: string, ratio: number) =>
    rows
      .filter((row) => row.size === size && row.metric === metric && Math.abs(Number(row.ratio) - ratio) < 0.01)
      .map(({ value }) => Number(value));
  const found: Find = (size, metric, ratio) => ({ value: momentsOf(draws(size, metric, ratio)).mean });
  const laws = sizes.flatMap((size) =>
    size.ratios
      .filter((ratio) => [0.25, 0.5, 0.75].includes(ratio))
      .map((ratio) => {
        const band = 3 * spreadOf(ratio, size.inputs, 1 / size.draws);
        return near(
          `error, ${sizeName(size)}, kd/m = ${ratio}`,
          found(sizeName(size), 'error', ratio),
          1 - ratio,
          band,
        );
      }),
  );
  const fitted = first.ratios.filter((ratio) => ratio >= 1);
  const largest = Math.max(...fitted.map((ratio) => found(sizeName(first), 'error', ratio).value));
  const common = [...laws, between('largest error from kd = m on', { value: largest }, 0, 1e-3)];
  if (first.inputs < 200) return common;
  return [
    ...common,
    ...PAGE.flatMap((page) => pageChecks(page, setting, found)),
    ...sizes.filter(({ inputs }) => inputs === 1000).flatMap((size) => wideChecks(size, found)),
    ...narrowChecks(setting, found),
    ...[0.5, 0.75].map((ratio) => {
      const { scatter } = momentsOf(draws(SPREAD, 'error', ratio));
      const law = spreadOf(ratio, first.inputs, 1);
      // A standard deviation of n draws is known to one part in √(2(n − 1)).
      const band = (3 * law) / Math.sqrt(2 * (setting.spread - 1));
      return near(`scatter of the error, kd/m = ${ratio}: √(2r(m − r)/m)/m`, { value: scatter }, law, band);
    }),
    ...[0.5, 0.75].map((ratio) => {
      const band = 3 * spreadOf(ratio, first.inputs, 1 / setting.spread);
      const what = `error, ${setting.spread} draws, kd/m = ${ratio}: 1 − kd/m`;
      return near(what, found(SPREAD, 'error', ratio), 1 - ratio, band);
    }),
  ];
}

/** What the rows of the scatter are called. */
export const SPREAD = 'scatter';
/** Sources of ReLU networks. */
export const RELU = 'ReLU, Adam';
export const LOGISTIC = 'ReLU, logistic loss';

type Find = (size: string, metric: string, ratio: number) => { readonly value: number };

/** The whole line of the page's table. */
function pageChecks(
  page: PageLine,
  { sizes: [first], relu, reluDraws, separate }: MemorisationSetting,
  found: Find,
): Check[] {
  const { ratio } = page;
  const name = sizeName(first);
  const both = 1 / first.draws + 1 / 5;
  const where = `kd/m = ${ratio}`;
  // Wrong signs are a share p of m labels, with binomial scatter at most.
  const signBand = 0.005 + 3 * Math.sqrt((page.signs * (1 - page.signs) * both) / first.inputs);
  const least =
    ratio < 1
      ? near(`error, ${where}`, found(name, 'error', ratio), page.error, 3 * spreadOf(ratio, first.inputs, both))
      : between(`error, ${where}`, found(name, 'error', ratio), 0, 1e-3);
  const descents = page.descent.map((error, i) => {
    const metric = `error after ${[300, 3000][i]} steps`;
    const below = Math.min(ratio, 0.5 + ratio / 4);
    const band = 0.001 + Math.min(0.3 * error, 3 * spreadOf(Math.min(below, 0.9), first.inputs, both));
    return near(`${metric}, ${where}`, found(name, metric, ratio), error, band);
  });
  const separable = separate.includes(ratio)
    ? [between(`share of draws separable, ${where}`, found(name, 'separable', ratio), ...page.separable)]
    : [];
  const [mse, mseScatter] = page.relu;
  const [wrong, wrongScatter] = page.logistic;
  const trained = relu.includes(ratio)
    ? [
        near(`error of ReLU, ${where}`, found(RELU, 'error', ratio), mse, reluBand(mseScatter, reluDraws)),
        near(
          `wrong signs of ReLU under logistic loss, ${where}`,
          found(LOGISTIC, 'sign error', ratio),
          wrong,
          reluBand(wrongScatter, reluDraws),
        ),
      ]
    : [];
  return [
    least,
    near(`wrong signs, ${where}`, found(name, 'sign error', ratio), page.signs, signBand),
    ...descents,
    ...separable,
    ...trained,
  ];
}

function wideChecks(size: Size, found: Find): Check[] {
  return WIDE.filter(([ratio]) => size.ratios.includes(ratio)).map(([ratio, error]) => {
    const band = 3 * spreadOf(ratio, size.inputs, 1 / size.draws + 1 / 5);
    const what = `error, ${sizeName(size)}, kd/m = ${ratio}, theory page`;
    return near(what, found(sizeName(size), 'error', ratio), error, band);
  });
}

function narrowChecks({ narrow, reluDraws }: MemorisationSetting, found: Find): Check[] {
  const name = sizeName(narrow);
  return NARROW.flatMap(({ neurons, rank, separable, relu }) => {
    const ratio = (neurons * narrow.dimension) / narrow.inputs;
    const where = `${name}, k = ${neurons}`;
    // What is dead is 2^(−k) on average; five draws of the page, whose gates are nested, tell its scatter badly.
    const scatter = deadScatter(neurons, narrow);
    const band = pageBand(scatter, narrow.draws, 5);
    const law = 1 - 2 ** -neurons;
    const ranks = found(name, 'rank/m', ratio);
    const trained = found(`${RELU}, ${name}`, 'error', ratio);
    return [
      near(`rank/m, ${where}`, ranks, rank, band),
      near(`rank/m, ${where}: 1 − 2^(−k)`, ranks, law, 3 * scatter * Math.sqrt(1 / narrow.draws)),
      between(`share of draws separable, ${where}`, found(name, 'separable', ratio), ...separable),
      near(`error of ReLU, ${where}`, trained, relu[0], reluBand(relu[1], reluDraws)),
      // Dead inputs are all that least squares gets wrong there; a trained ReLU network gets more wrong.
      between(
        `error of ReLU minus that of least squares, ${where}`,
        { value: trained.value - found(name, 'error', ratio).value },
        0,
        Number.POSITIVE_INFINITY,
      ),
    ];
  });
}

/**
 * Standard deviation over draws of the share of inputs that k half-spaces leave out: binomial among inputs, and by the
 * angles between the gates, whose cosines scatter by 1/√d and change the share by 2/π of itself each.
 */
function deadScatter(neurons: number, { inputs, dimension }: Size): number {
  const share = 2 ** -neurons;
  const pairs = (neurons * (neurons - 1)) / 2;
  return Math.hypot(Math.sqrt((share * (1 - share)) / inputs), share * (2 / Math.PI) * Math.sqrt(pairs / dimension));
}

/** Standard deviation over draws of labels ±1 (theory page). @param draws Sum of 1/draws of what is compared. */
const spreadOf = (ratio: number, inputs: number, draws: number): number =>
  Math.sqrt(((2 * ratio * (1 - ratio)) / inputs) * draws);
