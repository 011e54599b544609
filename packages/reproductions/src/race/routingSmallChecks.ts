import type { LinalgBackend } from '@ggdln/core';
import { type RoutingState, routingClosedForm, routingLoss, routingRace, routingRecursion } from '@ggdln/theory/race';
import { between, type Check, momentsOf, near } from '../checks.ts';
import { pageBand, ROUTING } from './common.ts';

/** Rate of gradient descent. */
export const RATE: number = 0.02;
/** Start of all strengths of the scalar race. */
export const B0: number = 0.08;
/** Scale of the random starts. */
export const G0: number = 0.2;

/** Theory page gdln, section 5.1: loss of the recursion and of the flow. */
const TARGETS = {
  epochs: [0, 50, 75, 100, 150, 200, 250, 300, 350],
  recursion: [243.973, 243.616, 199.373, 58.8504, 52.7225, 17.906, 17.6977, 16.0711, 0.39473],
  flow: [243.973, 243.577, 116.827, 58.8447, 50.2714, 17.9044, 17.6868, 15.8862, 0.25794],
  end: [4.5641, 3.5489, 2.7544],
  half: { random: [75.2, 150.7, 288], scatter: [4.2, 11.2, 13], recursion: [75, 153, 315] },
};

/** Losses by epoch, and strengths of the shared layer by mode and epoch. */
export interface ScalarTheory {
  readonly recursion: readonly number[];
  readonly flow: readonly number[];
  readonly b2: readonly (readonly number[])[];
}

/** The scalar race step by step, and its flow, at the epochs `read`. */
export function scalarTheory(singularValues: readonly number[], read: readonly number[]): ScalarTheory {
  const { domains, kappa } = ROUTING;
  const modes = singularValues.map((s) => ({ domains, trainedPerDomain: 4, s }));
  const start = [B0, B0, B0] as const;
  const dt = 2 * RATE * kappa * domains ** 2;
  const steps = modes.map((mode) => routingRecursion(mode, start, { rate: RATE, kappa, epochs: read }));
  const flows = modes.map((mode) =>
    routingRace(
      mode,
      start,
      read.map((epoch) => epoch * dt),
      { dense: true },
    ),
  );
  const losses = (courses: readonly (readonly ArrayLike<number>[])[]) =>
    read.map((_, i) =>
      routingLoss(
        modes,
        courses.map((course) => course[i]),
        kappa,
      ),
    );
  return { recursion: losses(steps), flow: losses(flows), b2: steps.map((course) => course.map((b) => b[1])) };
}

/** Theory against the page. */
export function theoryChecks({ recursion, flow, b2 }: ScalarTheory, epochs: number): Check[] {
  const places = TARGETS.epochs.flatMap((epoch, i) => (epoch <= epochs ? [{ epoch, i }] : []));
  const relative = (found: readonly number[], wanted: readonly number[]) =>
    Math.max(...places.map(({ epoch, i }) => Math.abs(found[epoch] / wanted[i] - 1)));
  const checks = [
    between(
      'recursion against the page: largest relative difference of the loss',
      { value: relative(recursion, TARGETS.recursion) },
      0,
      2e-5,
    ),
    between(
      'flow against the page: largest relative difference of the loss',
      { value: relative(flow, TARGETS.flow) },
      0,
      2e-5,
    ),
  ];
  if (epochs < 500) return checks;
  const halves = b2.slice(0, 3).map((course) => course.findIndex((value) => value >= course[epochs] / 2));
  return [
    ...checks,
    ...halves.map((found, k) =>
      near(`recursion: epoch at which mode ${k + 1} is half grown`, { value: found }, TARGETS.half.recursion[k], 1),
    ),
  ];
}

/** Networks against theory and page, at the end of 500 epochs. @param decoupled Singular values of its shared layer. */
export function fullRunChecks(
  runs: readonly (readonly RoutingState[])[],
  decoupled: readonly Float64Array[],
  linalg: LinalgBackend,
): Check[] {
  const courses = runs.map((states) => states.map(({ shared }) => linalg.svd(shared).s));
  const ends = (mode: number) => courses.map((course) => course[course.length - 1][mode]);
  const halves = (mode: number) =>
    courses.map((course) => course.findIndex((s) => s[mode] >= course[course.length - 1][mode] / 2));
  // The flow from b₀ reaches half of its end at this epoch; it tells which b₀ a random start amounts to.
  const { domains, kappa } = ROUTING;
  const halfTime = (b0: number) => {
    const mode = routingClosedForm({ domains, trainedPerDomain: 4, s: Math.sqrt(185) }, b0);
    return mode.timeOf(mode.end / 2) / (2 * RATE * kappa * domains ** 2);
  };
  const effective = halves(0).map((epoch) => {
    let [low, high] = [1e-3, 0.2];
    for (let k = 0; k < 60; k++) {
      const middle = Math.sqrt(low * high);
      if (halfTime(middle) > epoch) low = middle;
      else high = middle;
    }
    return G0 / low;
  });
  const n = runs.length;
  return [
    ...TARGETS.end.flatMap((value, mode) => [
      near(
        `decoupled: singular value ${mode + 1} of the shared layer`,
        { value: decoupled[decoupled.length - 1][mode] },
        value,
        1e-4,
      ),
      near(
        `random: singular value ${mode + 1} of the shared layer`,
        { value: momentsOf(ends(mode)).mean },
        value,
        0.01,
      ),
    ]),
    ...TARGETS.half.random.map((value, mode) =>
      near(
        `random: epoch at which mode ${mode + 1} is half grown`,
        { value: momentsOf(halves(mode)).mean },
        value,
        pageBand(TARGETS.half.scatter[mode], n, 10),
      ),
    ),
    near(
      'random: start scale over the effective b₀ of mode 1',
      { value: momentsOf(effective).mean },
      2.59,
      0.1 + pageBand(0.14, n, 10),
    ),
    between(
      'random: largest untrained error at the end',
      { value: Math.max(...runs.map((states) => states[states.length - 1].untrainedError ?? 0)) },
      0,
      0.1,
    ),
  ];
}
