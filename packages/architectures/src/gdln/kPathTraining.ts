import { GgdlnError, inputError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { matrix, stableRate } from '@ggdln/linalg';
import { type KPathData, type KPathWeights, kPathGradient, mapKPathWeights } from './kPath.ts';

const where = '@ggdln/architectures kPath';

/** A loss above it is no longer one of a network that learns: chance is ln C. */
const RUNAWAY = 1e6;
/** Products of three weights and inputs stay in the range of float64. */
const LARGEST = 1e60;

/**
 * Full-batch gradient descent with heavy-ball momentum in float64, v ← m v + g, w ← w − η v, read at the given
 * ascending steps.
 * @throws GGDLN_INPUT as `kPathGradient`, or for a rate that isn't finite, momentum outside [0, 1) or steps that don't
 * ascend; GGDLN_NUMERICAL where the rate is too large and the loss diverges, with the stability limit.
 */
export function trainKPath(
  initial: KPathWeights,
  data: KPathData,
  {
    rate,
    momentum = 0,
    steps,
  }: { readonly rate: number; readonly momentum?: number; readonly steps: readonly number[] },
  linalg: LinalgBackend,
): { readonly step: number; readonly loss: number; readonly weights: KPathWeights }[] {
  if (!Number.isFinite(rate) || !(momentum >= 0 && momentum < 1)) {
    throw inputError(where, `rate ${rate} with momentum ${momentum}`, 'The rate is finite, momentum in [0, 1)');
  }
  const early = steps.findIndex((step, i) => !(step >= (steps[i - 1] ?? 0)));
  if (early >= 0) {
    throw inputError(where, `step ${steps[early]} comes after ${steps[early - 1] ?? 0}`, 'Steps must ascend');
  }
  const theta = flat(initial);
  const gradientAt = (at: Float64Array) => kPathGradient(unflat(at, initial), data, linalg);
  const velocity = new Float64Array(theta.length);
  let step = 0;
  const read = () => {
    const bounded = theta.every((value) => Math.abs(value) < LARGEST);
    const now = bounded ? gradientAt(theta) : undefined;
    if (now && now.loss < RUNAWAY) return now;
    const { limit } = stableRate((at) => flat(gradientAt(at).gradients), flat(initial), linalg);
    throw diverged({ loss: now?.loss ?? Number.POSITIVE_INFINITY, step, rate, momentum, limit });
  };
  return steps.map((end) => {
    for (; step < end; step++) {
      const gradient = flat(read().gradients);
      for (let i = 0; i < theta.length; i++) {
        velocity[i] = momentum * velocity[i] + gradient[i];
        theta[i] -= rate * velocity[i];
      }
    }
    return { step: end, loss: read().loss, weights: unflat(theta, initial) };
  });
}

function diverged({
  loss,
  step,
  rate,
  momentum,
  limit,
}: {
  readonly [name in 'loss' | 'step' | 'rate' | 'momentum' | 'limit']: number;
}): GgdlnError {
  const allowed = Number(((1 + momentum) * limit).toPrecision(3));
  const found = Number.isFinite(loss) ? `the loss is ${loss}` : 'the weights grow without end';
  return new GgdlnError({
    code: 'GGDLN_NUMERICAL',
    where,
    problem:
      `${found} after ${step} steps of rate ${rate}; the stability limit ` +
      `${momentum > 0 ? `2(1 + ${momentum})/λ_max` : '2/λ_max'} was ${allowed} at the start, and falls while weights grow`,
    remedy: `Lower the rate, e.g. to ${Number((Math.min(allowed, rate) / 5).toPrecision(2))}`,
  });
}

function flat(weights: KPathWeights): Float64Array {
  const parts: Matrix[] = [];
  mapKPathWeights(weights, (a) => {
    parts.push(a);
    return a;
  });
  const out = new Float64Array(parts.reduce((sum, { data }) => sum + data.length, 0));
  parts.reduce((place, { data }) => {
    out.set(data, place);
    return place + data.length;
  }, 0);
  return out;
}

function unflat(theta: Float64Array, shape: KPathWeights): KPathWeights {
  let place = 0;
  return mapKPathWeights(shape, ({ rows, cols }) => {
    place += rows * cols;
    return matrix(rows, cols, theta.slice(place - rows * cols, place));
  });
}
