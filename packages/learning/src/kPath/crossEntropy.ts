import type { FlatArray } from '@ggdln/core';

/**
 * Cross-entropy of some rows of logits, and how many have their largest logit at their label, summed over rows.
 * @param slopes Where given, `factor` times the slope in the logits is written there.
 */
export function crossEntropy(
  logits: FlatArray,
  firstRow: number,
  rows: number,
  classes: number,
  labels: ArrayLike<number>,
  slopes?: FlatArray,
  factor = 1,
): { readonly loss: number; readonly correct: number } {
  let [loss, correct] = [0, 0];
  for (let p = 0; p < rows; p++) {
    const at = (firstRow + p) * classes;
    let best = 0;
    for (let c = 1; c < classes; c++) if (logits[at + c] > logits[at + best]) best = c;
    const top = logits[at + best];
    let total = 0;
    for (let c = 0; c < classes; c++) total += Math.exp(logits[at + c] - top);
    const label = labels[p];
    loss += Math.log(total) + top - logits[at + label];
    if (best === label) correct++;
    if (!slopes) continue;
    for (let c = 0; c < classes; c++) slopes[at + c] = (factor * Math.exp(logits[at + c] - top)) / total;
    slopes[at + label] -= factor;
  }
  return { loss, correct };
}
