import type { Row } from '@ggdln/core';
import { between, type Check, momentsOf, near } from '../checks.ts';

/** m inputs of d dimensions. */
export interface Size {
  readonly inputs: number;
  readonly dimension: number;
  readonly ratios: readonly number[];
  readonly draws: number;
}

/** What is memorised, and by what. */
export interface MemorisationSetting {
  readonly sizes: readonly Size[];
  /** kd/m at which a ReLU network is trained, on inputs of the first size. */
  readonly relu: readonly number[];
  readonly reluDraws: number;
  readonly steps: number;
  /** Labels to separate by linear programming. */
  readonly separate: readonly number[];
}

/** Theory page galu, section 3, m = 200 and d = 10: mean squared error of least squares (5 draws), of ReLU (3 draws). */
const LEAST_SQUARES: readonly (readonly [ratio: number, mse: number])[] = [
  [0.25, 0.746],
  [0.4, 0.594],
  [0.5, 0.51],
  [0.6, 0.398],
  [0.75, 0.269],
  [0.9, 0.129],
];
const RELU: readonly (readonly [ratio: number, mse: number, std: number])[] = [
  [0.25, 0.688, 0.058],
  [0.5, 0.365, 0.046],
  [0.75, 0.135, 0.02],
  [1, 0.01, 0.01],
];
const GD: readonly (readonly [ratio: number, steps: 300 | 3000, mse: number, band: number])[] = [
  [0.75, 300, 0.336, 0.05],
  [1, 300, 0.213, 0.05],
  [1, 3000, 0.071, 0.035],
  [1.5, 3000, 0.002, 0.003],
];

/** What a size is called in tables and figures. */
export const sizeName = ({ inputs, dimension }: Pick<Size, 'inputs' | 'dimension'>): string =>
  `m = ${inputs}, d = ${dimension}`;

/** The numbers that the figure should show. @param rows One a size, kd/m, draw and metric. */
export function memorisationChecks(rows: readonly Row[], { sizes, relu }: MemorisationSetting): Check[] {
  const found = (name: string, metric: string, ratio: number) =>
    momentsOf(
      rows
        .filter((row) => row.size === name && row.metric === metric && Math.abs(Number(row.ratio) - ratio) < 0.01)
        .map(({ value }) => Number(value)),
    ).mean;
  const [first] = sizes;
  const name = sizeName(first);
  const fitted = first.ratios.filter((ratio) => ratio >= 1).map((ratio) => found(name, 'error', ratio));
  const laws = sizes.flatMap((size) =>
    size.ratios
      .filter((ratio) => [0.25, 0.5, 0.75].includes(ratio))
      .map((ratio) => {
        const value = found(sizeName(size), 'error', ratio);
        return near(
          `error, ${sizeName(size)}, kd/m = ${ratio}`,
          { value },
          1 - ratio,
          3 * spreadOf(ratio, size.inputs, 1 / size.draws),
        );
      }),
  );
  const common = [...laws, between('largest error from kd = m on', { value: Math.max(...fitted) }, 0, 1e-3)];
  if (first.inputs < 200) return common;
  const share = (low: number, high: number) => (found(name, 'separable', low) + found(name, 'separable', high)) / 2;
  const gain = found('ReLU, Adam', 'error', 0.75) - found(name, 'error', 0.75);
  return [
    ...common,
    ...LEAST_SQUARES.map(([ratio, mse]) => {
      const band = 3 * spreadOf(ratio, first.inputs, 1 / first.draws + 1 / 5);
      return near(`error, ${name}, kd/m = ${ratio}, theory page`, { value: found(name, 'error', ratio) }, mse, band);
    }),
    between('share of draws separable at kd/m = 0.25 and 0.4', { value: share(0.25, 0.4) }, 0, 0.1),
    between('share of draws separable at kd/m = 0.6 and 0.75', { value: share(0.6, 0.75) }, 0.8, 1),
    ...GD.map(([ratio, steps, mse, band]) => {
      const value = found(name, `error after ${steps} steps`, ratio);
      return near(`error after ${steps} steps, kd/m = ${ratio}`, { value }, mse, band);
    }),
    ...RELU.filter(([ratio]) => relu.includes(ratio)).map(([ratio, mse, std]) =>
      near(`error of ReLU, kd/m = ${ratio}`, { value: found('ReLU, Adam', 'error', ratio) }, mse, 3 * std),
    ),
    between('error of ReLU minus that of GaLU, kd/m = 0.75', { value: gain }, -0.3, -0.05),
  ];
}

/** Standard deviation over draws of labels ±1 (theory page). @param draws Sum of 1/draws of what is compared. */
const spreadOf = (ratio: number, inputs: number, draws: number): number =>
  Math.sqrt(((2 * ratio * (1 - ratio)) / inputs) * draws);
