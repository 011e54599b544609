import { createTable, type Matrix, type Row, type RunContext, type StudyResult, type StudySnapshot } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { type XorRace, xorRace } from '@ggdln/theory/race';
import { diagnostic, type Estimate, estimate, simulatedRow, theoryRow } from '../rows.ts';
import { createWatch, snapshotAt } from '../watch.ts';
import {
  advance,
  closedFormQuarterTime,
  type Follower,
  largestAngle,
  lossAt,
  quarterTime,
  randomRelu,
  startFollower,
} from './reluFollowers.ts';

/** What learns exclusive or. */
export interface XorRaceOptions {
  /** a0 of each pathway. */
  readonly start: number;
  /** Units of a ReLU network. */
  readonly hidden: number;
  /** Standard deviation of its weights times √H. */
  readonly scale: number;
  readonly networks: number;
  readonly rate: number;
  /** Rate × steps. */
  readonly time: number;
}

const where = '@ggdln/studies xor-race';
const PLACES = 240;
/** Simulations are drawn at every so many of the theory's places. */
const READ_EVERY = 4;
const GATED = { source: 'gated network', role: 'gradient-descent' } as const;
const RELU = { source: 'ReLU networks', role: 'gradient-descent' } as const;

interface Course {
  readonly race: XorRace;
  readonly places: readonly number[];
  readonly options: XorRaceOptions;
  readonly gated: Follower;
  readonly relu: readonly Follower[];
}

/**
 * Exclusive or: the closed form of four gated pathways, the gated network from the same start, and ReLU networks from
 * small random weights, each moved in time so that it passes a loss of ¼ with the closed form. One step is a step of
 * gradient descent of every network.
 * @throws GGDLN_NUMERICAL for a rate at which a network diverges; GGDLN_CANCELLED.
 */
export async function* xorRaceStudy(
  options: XorRaceOptions,
  context: RunContext,
): AsyncGenerator<StudySnapshot, StudyResult, void> {
  const { start, hidden, scale, networks, rate, time } = options;
  const watch = createWatch(context, where);
  const race = xorRace(start);
  const total = Math.max(1, Math.round(time / rate));
  const places = Array.from({ length: PLACES + 1 }, (_, i) => (i * total * rate) / PLACES);
  let course: Course = {
    race,
    places,
    options,
    gated: startFollower(race.network),
    relu: Array.from({ length: networks }, (_, k) =>
      startFollower(randomRelu(hidden, scale, race.network, context.rng.stream('relu').stream(k))),
    ),
  };
  const at = (step: number, stage: string) => ({ step, total, stage, unit: 'steps' });
  yield snapshotAt(at(0, 'theory'), resultOf(course));
  for (let step = 1; step <= total; step++) {
    course = {
      ...course,
      gated: advance(course.gated, rate),
      relu: course.relu.map((follower) => advance(follower, rate)),
    };
    const here = at(step, 'gradient descent');
    if ((await watch.after(here)) && step < total) yield snapshotAt(here, resultOf(course));
  }
  return resultOf(course);
}

function resultOf(course: Course): StudyResult {
  const { race, places, gated, relu, options } = course;
  const { rate } = options;
  const quarter = closedFormQuarterTime(race);
  const shifts = relu.flatMap((follower) => {
    const passed = quarterTime(follower, rate);
    return passed === undefined ? [] : [{ follower, shift: passed - quarter }];
  });
  const lines = places.flatMap((time) => [
    theoryRow({ time }, 'loss', race.loss(time)),
    theoryRow({ time }, 'loss of ReLU', race.loss(time)),
  ]);
  const read = places.filter((_, i) => i % READ_EVERY === 0);
  const points = read.flatMap((time): Row[] => {
    const own = lossAt(gated, rate, time);
    const others = shifts.flatMap(({ follower, shift }) => lossAt(follower, rate, time + shift) ?? []);
    return [
      ...(own === undefined ? [] : [simulatedRow({ time }, 'loss', estimate([own]), GATED)]),
      ...(others.length < relu.length ? [] : [simulatedRow({ time }, 'loss of ReLU', estimate(others), RELU)]),
    ];
  });
  return {
    table: createTable([...lines, ...points]),
    arrays: { 'ReLU weights': pulls(relu[0]), 'gated weights': pulls(gated) },
    diagnostics: diagnosticsOf(
      course,
      points,
      shifts.map(({ shift }) => shift),
    ),
  };
}

/** w2 w1 of every unit, H × 2: where it pulls and how strongly. */
function pulls({ network: { W1, w2 } }: Follower): Matrix {
  return matrix(
    W1.rows,
    W1.cols,
    W1.data.map((value, k) => value * w2[Math.floor(k / W1.cols)]),
  );
}

function diagnosticsOf(
  { race, gated, relu, options }: Course,
  points: readonly Row[],
  shifts: readonly number[],
): StudyResult['diagnostics'] {
  const gaps = gated.losses.map((loss, step) => Math.abs(loss - race.loss(step * options.rate)));
  const found: [string, Estimate][] = [
    ['rate of growth 1/√2', { value: 2 * race.s, stderr: null }],
    ['gated network minus closed form, largest', { value: Math.max(...gaps), stderr: null }],
  ];
  if (shifts.length === relu.length) {
    const own = points.filter(({ metric }) => metric === 'loss of ReLU');
    const off = own.map(({ time, value }) => Math.abs(Number(value) - race.loss(Number(time))));
    found.push(
      ['time by which ReLU networks are later', estimate(shifts)],
      ['ReLU networks minus closed form, largest', { value: Math.max(0, ...off), stderr: null }],
      ['angle of a strong unit from its diagonal, degrees', estimate(relu.map(({ network }) => largestAngle(network)))],
    );
  }
  return Object.fromEntries(found.map(([name, value]) => [name, diagnostic(value)]));
}
