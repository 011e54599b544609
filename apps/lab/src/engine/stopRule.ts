import type { RunView } from '@ggdln/core';
import { isSampler } from '@ggdln/plot';

/** Sampling may end early: when the standard error of a metric is below a bound at every place. */
export interface StopRule {
  readonly metric: string;
  readonly stderr: number;
}

/** Does every sampled point know the metric that well, by error bars that can be trusted? */
export function isPrecise({ points }: RunView, { metric, stderr }: StopRule): boolean {
  const sampled = points.filter(({ role }) => isSampler(role));
  if (sampled.length === 0) return false;
  return sampled.every((point) => {
    const found = point.metrics.find((one) => one.metric === metric);
    return found !== undefined && found.stderr !== null && found.stderr < stderr && !point.provisional;
  });
}
