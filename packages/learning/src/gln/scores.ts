import type { GlnPrediction } from './glnRun.ts';

/** Running scores of predictions. */
interface Scores {
  add(said: GlnPrediction, targets: Float64Array): void;
  /** Means over the last `window` predictions: accuracy where there is one, log loss. @param prefix Of the names. */
  means(prefix: string, window: number): Record<string, number>;
}

/** Collects how good predictions are. @param count The most that there will be. */
export function createScores(count: number): Scores {
  const losses = new Float64Array(count);
  const right = new Float64Array(count);
  let size = 0;
  let classes = true;
  return {
    add(said, targets) {
      losses[size] = said.loss(targets);
      const score = said.right(targets);
      classes &&= score !== undefined;
      right[size] = score ?? 0;
      size += 1;
    },
    means(prefix, window) {
      const last = (values: Float64Array) => {
        const some = values.subarray(Math.max(0, size - window), size);
        return some.reduce((sum, value) => sum + value, 0) / some.length;
      };
      return { ...(classes ? { [`${prefix}accuracy`]: last(right) } : {}), [`${prefix}log loss`]: last(losses) };
    },
  };
}
