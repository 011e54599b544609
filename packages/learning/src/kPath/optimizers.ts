import { type FlatArray, inputError } from '@ggdln/core';

/** Stochastic gradient descent, with the meaning that PyTorch gives its options. */
export interface SgdOptions {
  readonly use: 'sgd';
  readonly rate: number;
  /** Default 0. */
  readonly momentum?: number;
  /** Default 0. */
  readonly dampening?: number;
  /** Default 0. */
  readonly weightDecay?: number;
  /** Default false. */
  readonly nesterov?: boolean;
}

/** Adam, with the meaning that PyTorch gives its options. */
export interface AdamOptions {
  readonly use: 'adam';
  readonly rate: number;
  /** Default [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Default 1e-8. */
  readonly epsilon?: number;
  /** Default 0. */
  readonly weightDecay?: number;
  /** Default false. */
  readonly amsgrad?: boolean;
}

export type OptimizerOptions = SgdOptions | AdamOptions;

/** Steps θ, and all that the next step needs beside it. */
export interface Optimizer<Numbers extends FlatArray> {
  /** Arrays of the size of θ that it keeps. */
  readonly moments: readonly Numbers[];
  /**
   * Steps the parameters whose gradient is given.
   * @param count Steps before this one. @param at Place of the first of them in θ; default 0.
   */
  step(theta: Numbers, gradient: Numbers, count: number, at?: number): void;
}

const where = '@ggdln/learning k-path optimizer';

/**
 * @param create Makes an array of zeros of the size of θ.
 * @throws GGDLN_INPUT for a rate or an epsilon that isn't above 0, factors outside [0, 1), or Nesterov steps without momentum or with
 * dampening.
 */
export function createOptimizer<Numbers extends FlatArray>(
  options: OptimizerOptions,
  create: () => Numbers,
): Optimizer<Numbers> {
  const { rate, weightDecay = 0 } = options;
  if (!(rate > 0 && Number.isFinite(rate))) throw inputError(where, `the rate is ${rate}`, 'It must be above 0');
  if (!(weightDecay >= 0 && weightDecay < Number.POSITIVE_INFINITY))
    throw inputError(where, `weightDecay is ${weightDecay}`, 'It must be at least 0');
  return options.use === 'adam' ? adam(options, create) : sgd(options, create);
}

function sgd<Numbers extends FlatArray>(options: SgdOptions, create: () => Numbers): Optimizer<Numbers> {
  const { rate, momentum = 0, dampening = 0, weightDecay = 0, nesterov = false } = options;
  requireFactors({ momentum });
  if (nesterov && (momentum === 0 || dampening !== 0)) {
    throw inputError(
      where,
      `Nesterov steps with momentum ${momentum} and dampening ${dampening}`,
      'They need momentum above 0 and no dampening',
    );
  }
  const moments = momentum > 0 ? [create()] : [];
  const [velocity] = moments;
  return {
    moments,
    step: (theta, gradient, count, at = 0) => {
      const share = count === 0 ? 1 : 1 - dampening;
      if (velocity && share === 1 && weightDecay === 0 && !nesterov) {
        heavyBall(theta, velocity, gradient, at, rate, momentum);
        return;
      }
      for (let i = 0; i < gradient.length; i++) {
        const p = at + i;
        let slope = gradient[i] + weightDecay * theta[p];
        if (velocity) {
          velocity[p] = momentum * velocity[p] + share * slope;
          slope = nesterov ? slope + momentum * velocity[p] : velocity[p];
        }
        theta[p] -= rate * slope;
      }
    },
  };
}

/** The usual case, which millions of weights take at every step; four at a time is half as long as one by one. */
function heavyBall(
  theta: FlatArray,
  velocity: FlatArray,
  gradient: FlatArray,
  at: number,
  rate: number,
  momentum: number,
): void {
  const count = gradient.length;
  const whole = count - (count % 4);
  for (let i = 0, p = at; i < whole; i += 4, p += 4) {
    const a = momentum * velocity[p] + gradient[i];
    const b = momentum * velocity[p + 1] + gradient[i + 1];
    const c = momentum * velocity[p + 2] + gradient[i + 2];
    const d = momentum * velocity[p + 3] + gradient[i + 3];
    velocity[p] = a;
    velocity[p + 1] = b;
    velocity[p + 2] = c;
    velocity[p + 3] = d;
    theta[p] -= rate * a;
    theta[p + 1] -= rate * b;
    theta[p + 2] -= rate * c;
    theta[p + 3] -= rate * d;
  }
  for (let i = whole; i < count; i++) {
    const slope = momentum * velocity[at + i] + gradient[i];
    velocity[at + i] = slope;
    theta[at + i] -= rate * slope;
  }
}

function adam<Numbers extends FlatArray>(options: AdamOptions, create: () => Numbers): Optimizer<Numbers> {
  const { rate, betas = [0.9, 0.999], epsilon = 1e-8, weightDecay = 0, amsgrad = false } = options;
  const [beta1, beta2] = betas;
  requireFactors({ beta1, beta2 });
  if (!(epsilon > 0))
    throw inputError(where, `epsilon is ${epsilon}`, 'It must be above 0: gradients may be 0, and 0/0 is no step');
  const moments = amsgrad ? [create(), create(), create()] : [create(), create()];
  const [first, second, largest] = moments;
  return {
    moments,
    step: (theta, gradient, count, at = 0) => {
      const [bias1, bias2] = [1 - beta1 ** (count + 1), 1 - beta2 ** (count + 1)];
      for (let i = 0; i < gradient.length; i++) {
        const p = at + i;
        const slope = gradient[i] + weightDecay * theta[p];
        first[p] = beta1 * first[p] + (1 - beta1) * slope;
        second[p] = beta2 * second[p] + (1 - beta2) * slope * slope;
        if (largest) largest[p] = Math.max(largest[p], second[p]);
        const spread = Math.sqrt((largest ?? second)[p] / bias2) + epsilon;
        theta[p] -= (rate * first[p]) / (bias1 * spread);
      }
    },
  };
}

function requireFactors(factors: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(factors)) {
    if (!(value >= 0 && value < 1)) throw inputError(where, `${name} is ${value}`, 'It must be in [0, 1)');
  }
}
