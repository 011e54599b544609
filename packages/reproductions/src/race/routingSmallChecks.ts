import type { LinalgBackend, Matrix } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { type RoutingState, routingClosedForm, routingLoss, routingRace, routingRecursion } from '@ggdln/theory/race';
import { between, type Check, momentsOf, near, pageBand } from '../checks.ts';
import { ROUTING } from './common.ts';

/** Rate of gradient descent. */
export const RATE: number = 0.02;
/** Start of all strengths of the scalar race. */
export const B0: number = 0.08;
/** Scale of the random starts. */
export const G0: number = 0.2;

/** Theory page gdln, section 5.1. */
const TARGETS = {
  epochs: [0, 50, 75, 100, 150, 200, 250, 300, 350],
  recursion: [243.973, 243.616, 199.373, 58.8504, 52.7225, 17.906, 17.6977, 16.0711, 0.39473],
  flow: [243.973, 243.577, 116.827, 58.8447, 50.2714, 17.9044, 17.6868, 15.8862, 0.25794],
  /** At epoch 400, where two digits are given. */
  late: { recursion: 1.45e-7, flow: 2.5e-7 },
  /** Ten random starts: mean and scatter of the loss; at epoch 75 it is 244 or 59, by halves over many draws. */
  random: [
    [0, 244, 0.008],
    [50, 243.5, 0.2],
    [75, 187, 92],
    [100, 58.78, 0.07],
    [150, 43.5, 13],
    [200, 17.85, 0.03],
    [250, 17.44, 0.21],
    [300, 12.8, 2.9],
    [350, 3, 3.1],
    [400, 0.013, 0.018],
  ],
  /** Singular values at the end: the shared layer, one encoder or decoder, and an encoder of random starts. */
  end: [4.5641, 3.5489, 2.7544, 2.7544],
  outer: [1.7263, 1.3432, 1.0436, 1.0436],
  randomOuter: [1.745, 1.363, 1.074, 1.064],
  half: {
    random: [75.2, 150.7, 288],
    scatter: [4.2, 11.2, 13],
    recursion: [75, 153, 315],
    flow: [72.4, 150.7, 312.9],
  },
} as const;

/** Losses by epoch, and strengths of the shared layer by mode and epoch. */
export interface ScalarTheory {
  readonly recursion: readonly number[];
  readonly flow: readonly number[];
  readonly b1: readonly (readonly number[])[];
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
  const strengths = (layer: 0 | 1) => steps.map((course) => course.map((b) => b[layer]));
  return { recursion: losses(steps), flow: losses(flows), b1: strengths(0), b2: strengths(1) };
}

/** Singular values of the semantic data, the first three. */
const MODES = [Math.sqrt(185), Math.sqrt(41), 3];

/** The epoch at which the flow of a mode from b₀ has half of its end. */
function halfEpoch(s: number, b0: number): number {
  const { domains, kappa } = ROUTING;
  const mode = routingClosedForm({ domains, trainedPerDomain: 4, s }, b0);
  return mode.timeOf(mode.end / 2) / (2 * RATE * kappa * domains ** 2);
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
    ...TARGETS.half.flow.map((epoch, k) =>
      near(`flow: epoch at which mode ${k + 1} is half grown`, { value: halfEpoch(MODES[k], B0) }, epoch, 0.06),
    ),
    ...(['recursion', 'flow'] as const).map((kind) => {
      const value = { recursion, flow }[kind][400];
      return near(`${kind}: loss at epoch 400`, { value }, TARGETS.late[kind], 0.04 * TARGETS.late[kind]);
    }),
    between(
      'recursion minus flow: largest difference at one epoch',
      { value: Math.max(...recursion.map((value, i) => Math.abs(value - flow[i]))) },
      90,
      100,
    ),
  ];
}

/** What a network ends with: singular values of the shared layer, and of one encoder or decoder. */
export interface LayerSpectra {
  readonly shared: readonly number[];
  readonly encoder: readonly number[];
  readonly decoder: readonly number[];
}

/** Of the first input and output domain. */
export function spectraOf({ shared, encoders, decoders }: RoutingState, linalg: LinalgBackend): LayerSpectra {
  const { domains } = ROUTING;
  const [N0, N3] = [encoders.cols / domains, decoders.rows / domains];
  const encoder = matrix(encoders.rows, N0);
  for (let i = 0; i < encoders.rows; i++) {
    encoder.data.set(encoders.data.subarray(i * encoders.cols, i * encoders.cols + N0), i * N0);
  }
  const decoder = matrix(N3, decoders.cols, decoders.data.slice(0, N3 * decoders.cols));
  const values = (a: Matrix) => Array.from(linalg.svd(a).s.slice(0, N0));
  return { shared: values(shared), encoder: values(encoder), decoder: values(decoder) };
}

/**
 * Networks against theory and page, after 500 epochs.
 * @param runs States of random starts by epoch. @param decoupled The end of the decoupled start.
 */
export function fullRunChecks(
  runs: readonly (readonly RoutingState[])[],
  decoupled: RoutingState,
  linalg: LinalgBackend,
): Check[] {
  const n = runs.length;
  const mean = (values: readonly number[]) => ({ value: momentsOf(values).mean });
  const halves = runs.map((states) => halfGrown(states, linalg));
  // The flow tells which b₀ a random start amounts to.
  const effective = halves.map(([first]) => G0 / startFor(first));
  const ends = runs.map((states) => spectraOf(states[states.length - 1], linalg));
  const exact = spectraOf(decoupled, linalg);
  return [
    ...TARGETS.end.flatMap((value, mode) => [
      near(`decoupled: singular value ${mode + 1} of the shared layer`, { value: exact.shared[mode] }, value, 1e-4),
      near(
        `decoupled: singular value ${mode + 1} of an encoder`,
        { value: exact.encoder[mode] },
        TARGETS.outer[mode],
        1e-4,
      ),
      near(
        `decoupled: singular value ${mode + 1} of a decoder`,
        { value: exact.decoder[mode] },
        TARGETS.outer[mode],
        1e-4,
      ),
      near(
        `random: singular value ${mode + 1} of the shared layer`,
        mean(ends.map(({ shared }) => shared[mode])),
        value,
        0.01,
      ),
      near(
        `random: singular value ${mode + 1} of an encoder`,
        mean(ends.map(({ encoder }) => encoder[mode])),
        TARGETS.randomOuter[mode],
        0.002 + pageBand(0.006, n, 10),
      ),
    ]),
    ...TARGETS.random.map(([epoch, loss, scatter]) =>
      // Half of the last digit, and the scatter of ten draws.
      near(
        `random: loss at epoch ${epoch}`,
        mean(runs.map((states) => states[epoch].loss)),
        loss,
        5e-4 * loss + pageBand(scatter, n, 10),
      ),
    ),
    ...TARGETS.half.random.map((value, mode) =>
      near(
        `random: epoch at which mode ${mode + 1} is half grown`,
        mean(halves.map((epochs) => epochs[mode])),
        value,
        pageBand(TARGETS.half.scatter[mode], n, 10),
      ),
    ),
    near('random: start scale over the effective b₀ of mode 1', mean(effective), 2.59, 0.1 + pageBand(0.14, n, 10)),
    between(
      'random: largest untrained error at the end',
      { value: Math.max(...runs.map((states) => states[states.length - 1].untrainedError ?? 0)) },
      0,
      0.1,
    ),
  ];
}

function halfGrown(states: readonly RoutingState[], linalg: LinalgBackend): number[] {
  const course = states.map(({ shared }) => linalg.svd(shared).s);
  return [0, 1, 2].map((mode) => course.findIndex((s) => s[mode] >= course[course.length - 1][mode] / 2));
}

/** The b₀ from which the flow of mode 1 is half grown at an epoch. */
function startFor(epoch: number): number {
  let [low, high] = [1e-3, 0.2];
  for (let k = 0; k < 60; k++) {
    const middle = Math.sqrt(low * high);
    if (halfEpoch(MODES[0], middle) > epoch) low = middle;
    else high = middle;
  }
  return low;
}
