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
  /** @param count Steps before this one. */
  step(theta: Numbers, gradient: Numbers, count: number): void;
}

const where = '@ggdln/learning k-path optimizer';

/**
 * @param create Makes an array of zeros of the size of θ.
 * @throws GGDLN_INPUT for a rate that isn't above 0, factors outside [0, 1), or Nesterov steps without momentum or with
 * dampening.
 */
export function createOptimizer<Numbers extends FlatArray>(
  options: OptimizerOptions,
  create: () => Numbers,
): Optimizer<Numbers> {
  const { rate, weightDecay = 0 } = options;
  if (!(rate > 0 && Number.isFinite(rate))) throw inputError(where, `the rate is ${rate}`, 'It must be above 0');
  if (!(weightDecay >= 0)) throw inputError(where, `weightDecay is ${weightDecay}`, 'It must be at least 0');
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
    step: (theta, gradient, count) => {
      const share = count === 0 ? 1 : 1 - dampening;
      if (velocity && share === 1 && weightDecay === 0 && !nesterov) {
        // The usual case, which millions of weights take at every step.
        for (let i = 0; i < theta.length; i++) {
          const slope = momentum * velocity[i] + gradient[i];
          velocity[i] = slope;
          theta[i] -= rate * slope;
        }
        return;
      }
      for (let i = 0; i < theta.length; i++) {
        let slope = gradient[i] + weightDecay * theta[i];
        if (velocity) {
          velocity[i] = momentum * velocity[i] + share * slope;
          slope = nesterov ? slope + momentum * velocity[i] : velocity[i];
        }
        theta[i] -= rate * slope;
      }
    },
  };
}

function adam<Numbers extends FlatArray>(options: AdamOptions, create: () => Numbers): Optimizer<Numbers> {
  const { rate, betas = [0.9, 0.999], epsilon = 1e-8, weightDecay = 0, amsgrad = false } = options;
  const [beta1, beta2] = betas;
  requireFactors({ beta1, beta2 });
  const moments = amsgrad ? [create(), create(), create()] : [create(), create()];
  const [first, second, largest] = moments;
  return {
    moments,
    step: (theta, gradient, count) => {
      const [bias1, bias2] = [1 - beta1 ** (count + 1), 1 - beta2 ** (count + 1)];
      for (let i = 0; i < theta.length; i++) {
        const slope = gradient[i] + weightDecay * theta[i];
        first[i] = beta1 * first[i] + (1 - beta1) * slope;
        second[i] = beta2 * second[i] + (1 - beta2) * slope * slope;
        if (largest) largest[i] = Math.max(largest[i], second[i]);
        const spread = Math.sqrt((largest ?? second)[i] / bias2) + epsilon;
        theta[i] -= (rate * first[i]) / (bias1 * spread);
      }
    },
  };
}

function requireFactors(factors: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(factors)) {
    if (!(value >= 0 && value < 1)) throw inputError(where, `${name} is ${value}`, 'It must be in [0, 1)');
  }
}
