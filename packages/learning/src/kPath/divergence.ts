import { GgdlnError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { stableRate } from '@ggdln/linalg';
import type { KPathBatch } from './batch.ts';
import type { KPathLayout } from './network.ts';
import type { OptimizerOptions } from './optimizers.ts';
import { createKPathProgram } from './program.ts';

/** Says that learning ran away, with the stability limit at the start on the batch where that was noticed. */
export function divergedKPath(
  { loss, steps, options }: { readonly loss: number; readonly steps: number; readonly options: OptimizerOptions },
  {
    layout,
    gate,
    start,
    batch,
    scale,
  }: {
    readonly layout: KPathLayout;
    readonly gate: Matrix;
    readonly start: Float64Array;
    readonly batch: KPathBatch<Float32Array>;
    /** Of a centred network. */
    readonly scale?: number;
  },
  linalg: LinalgBackend,
): GgdlnError {
  const centre = scale === undefined ? undefined : { start, scale };
  const program = createKPathProgram<Float64Array>(layout, gate, batch.rows, Float64Array, linalg, centre);
  const shown = { ...batch, inputs: batch.inputs.map((x) => Float64Array.from(x)) };
  const gradientAt = (theta: Float64Array) => {
    const gradient = new Float64Array(layout.size);
    program.evaluate(theta, shown, gradient);
    return gradient;
  };
  // Weight decay is curvature, too: the same for all weights.
  const decay = options.weightDecay ?? 0;
  const limit = 2 / (2 / stableRate(gradientAt, start, linalg).limit + decay);
  const momentum = options.use === 'sgd' ? (options.momentum ?? 0) : 0;
  const allowed = Number(((1 + momentum) * limit).toPrecision(3));
  const found = Number.isFinite(loss) ? `the loss is ${loss}` : 'the loss is no longer a number';
  const steepest = decay > 0 ? `(λ_max + weight decay ${decay})` : 'λ_max';
  const law = momentum > 0 ? `2(1 + ${momentum})/${steepest}` : `2/${steepest}`;
  return new GgdlnError({
    code: 'GGDLN_NUMERICAL',
    where: '@ggdln/learning learnKPath',
    problem:
      `${found} after ${steps} steps of rate ${options.rate}; the stability limit ${law} was ${allowed} at the start, ` +
      'and falls while weights grow',
    remedy: `Lower the rate, e.g. to ${Number((Math.min(allowed, options.rate) / 5).toPrecision(2))}, or start from a smaller gain`,
  });
}
