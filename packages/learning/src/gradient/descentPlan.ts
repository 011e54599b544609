import { inputError } from '@ggdln/core';
import { type GradientOptions, readGradientOptions } from './createLossNetwork.ts';
import type { DescentOptions } from './descend.ts';

/** Options of `gradientDescent`. */
export interface GradientDescentOptions extends Partial<DescentOptions>, GradientOptions {
  /** Independent random starts, at least 1. Default 1. */
  readonly starts?: number;
  /** Deviation of the weights at the start in units of the prior's σ. Default 1: starts are draws from the prior. */
  readonly initScale?: number;
  /**
   * Learn with what the network says at the start subtracted from it, α(f(x; θ) − f(x; θ₀)): the predictor is that
   * difference, 0 at the start. Only centred networks get lazy as starts or α grow. Default false.
   */
  readonly centred?: boolean;
  /**
   * α > 0 of a centred network. `learningRate` and `curvature` are then those of U/α², so that it learns in as many steps
   * at any α. In float32 about log₁₀ α digits of outputs are lost: ask for `precision` float64 beyond a hundred or so.
   * Default 1.
   */
  readonly scale?: number;
}

/** Options with their defaults. @throws GGDLN_INPUT for options out of range. */
export function readDescentPlan(where: string, options: GradientDescentOptions): Required<GradientDescentOptions> {
  const plan = {
    learningRate: 0,
    momentum: 0.95,
    steps: 5000,
    tolerance: 1e-5,
    starts: 1,
    initScale: 1,
    centred: false,
    scale: 1,
    ...options,
    ...readGradientOptions(where, options),
  };
  requireOptions(where, plan);
  return plan;
}

function requireOptions(where: string, plan: Required<GradientDescentOptions>): void {
  const { learningRate, momentum, steps, tolerance, starts, initScale, centred, scale } = plan;
  const finite = (value: number) => Number.isFinite(value);
  const checks: readonly (readonly [string, number, boolean, string])[] = [
    [
      'learningRate',
      learningRate,
      learningRate >= 0 && finite(learningRate),
      'a positive number, or 0 to have it chosen',
    ],
    ['momentum', momentum, momentum >= 0 && momentum < 1, 'a number from 0 to below 1'],
    ['steps', steps, Number.isInteger(steps) && steps >= 1, 'a whole number ≥ 1'],
    ['tolerance', tolerance, tolerance >= 0 && finite(tolerance), 'a number ≥ 0'],
    ['starts', starts, Number.isInteger(starts) && starts >= 1, 'a whole number ≥ 1'],
    ['initScale', initScale, initScale > 0 && finite(initScale), 'a number > 0'],
    ['scale', scale, scale > 0 && finite(scale), 'a number > 0'],
    ['scale', scale, centred || scale === 1, '1, or centred: true, as only centred networks are scaled'],
  ];
  for (const [name, value, ok, right] of checks) {
    if (!ok) throw inputError(where, `${name} is ${value}`, `Give ${right}`);
  }
}
