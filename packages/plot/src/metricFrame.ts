import type { FrameOptions } from './sweepFigure.ts';

/** How the metrics of experiments are titled in figures. */
const FRAMES: Readonly<Record<string, Omit<FrameOptions, 'metric'>>> = {
  bias: { title: 'Bias', note: 'of the mean output', label: 'mean squared error of the mean output' },
  variance: { title: 'Variance', note: 'over the posterior', label: 'mean variance of the output' },
  'generalisation error': { title: 'Generalisation error', note: 'bias + variance', label: 'mean squared error' },
  'error rate': { title: 'Error rate', note: 'sign of the mean prediction', label: 'share of test inputs' },
  accuracy: { title: 'Accuracy', note: 'of test inputs', label: 'share of test inputs' },
  'log loss': { title: 'Log loss', note: 'of test inputs', label: 'mean −ln p' },
  'online accuracy': { title: 'Online accuracy', note: 'before learning', label: 'share of the last training inputs' },
  'online log loss': { title: 'Online log loss', note: 'before learning', label: 'mean −ln p' },
};

/** The frame of a metric of experiments, e.g. `bias`; a metric that isn't known is titled and labelled by its name. */
export function metricFrame(metric: string): FrameOptions {
  const known = Object.hasOwn(FRAMES, metric) ? FRAMES[metric] : undefined;
  return { metric, ...(known ?? { title: metric, label: metric }) };
}
