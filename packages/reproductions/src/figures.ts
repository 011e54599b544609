import type { FrameOptions } from '@ggdln/plot';

/** How the metrics of experiments are called in figures. */
export const BIAS: FrameOptions = {
  metric: 'bias',
  title: 'Bias',
  note: 'of the mean output',
  label: 'squared error of the mean output',
};
export const VARIANCE: FrameOptions = {
  metric: 'variance',
  title: 'Variance',
  note: 'over the posterior',
  label: 'mean variance of the output',
};
export const ERROR: FrameOptions = {
  metric: 'generalisation error',
  title: 'Generalisation error',
  note: 'bias + variance',
  label: 'mean squared error ε',
};
export const ERROR_RATE: FrameOptions = {
  metric: 'error rate',
  title: 'Error rate',
  note: 'sign of the mean output',
  label: 'share of test inputs',
};

/** Hidden width on a logarithmic axis. */
export const WIDTH_AXIS = { column: 'architecture.width', label: 'hidden width N', scale: 'log' } as const;

/** The line at the bottom of a figure. */
export function footerOf(name: string, { seed, scale, linalg }: FooterParts): string {
  return `${name} · ${scale} scale · seed ${seed} · ${linalg.name}`;
}

interface FooterParts {
  readonly seed: number;
  readonly scale: string;
  readonly linalg: { readonly name: string };
}
