import { createTable, type LinalgBackend, type Matrix, type Row, type StudyResult } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import type { RoutingState } from '@ggdln/theory/race';
import { diagnostic, type Estimate, estimate, simulatedRow } from '../rows.ts';
import { networkOf, type RoutingSetting, strongest } from './routingNetworks.ts';
import { crossing, type RoutingTheory } from './routingTheory.ts';

const DECOUPLED = { source: 'decoupled start', role: 'gradient-descent' } as const;
const RANDOM = { source: 'random starts', role: 'gradient-descent' } as const;

/** The first network is decoupled, the others start at random. */
export interface RoutingReading {
  readonly epoch: number;
  readonly states: readonly RoutingState[];
  /** Singular values of the shared layers. */
  readonly modes: readonly Float64Array[];
}

/** Reads all networks. */
export function readingOf(
  states: readonly RoutingState[],
  epoch: number,
  { distinct }: RoutingTheory,
  linalg: LinalgBackend,
): RoutingReading {
  const count = Math.max(...distinct) + 1;
  return { epoch, states, modes: states.map(({ shared }) => strongest(shared, count, linalg)) };
}

/** What is known after the last reading. @param lines Rows of the theory. */
export function routingResult(
  lines: readonly Row[],
  readings: readonly RoutingReading[],
  theory: RoutingTheory,
  setting: RoutingSetting,
  linalg: LinalgBackend,
): StudyResult {
  const rows = readings.flatMap(({ epoch, states, modes }): Row[] => {
    const each = (group: string, metric: string, values: readonly (number | null)[]): Row[] => {
      const [decoupled, ...random] = values.flatMap((value) => (value === null ? [] : [value]));
      if (decoupled === undefined) return [];
      return [
        simulatedRow({ epoch, group }, metric, estimate([decoupled]), DECOUPLED),
        simulatedRow({ epoch, group }, metric, estimate(random), RANDOM),
      ];
    };
    return [
      ...each(
        'trained pairs',
        'loss',
        states.map(({ loss }) => loss),
      ),
      ...theory.distinct.flatMap((mode) =>
        each(
          `mode ${mode + 1}`,
          'singular value',
          modes.map((values) => values[mode]),
        ),
      ),
      ...each(
        'untrained pairs',
        'untrained error',
        states.map(({ untrainedError }) => untrainedError),
      ),
    ];
  });
  return {
    table: createTable([...lines, ...rows]),
    arrays: arraysOf(readings, theory, setting, linalg),
    diagnostics: diagnosticsOf(readings, theory),
  };
}

/** What the graph of the first random network shows: how strong each mode is in each encoder, in the middle, in each decoder. */
function arraysOf(
  readings: readonly RoutingReading[],
  theory: RoutingTheory,
  setting: RoutingSetting,
  linalg: LinalgBackend,
): { readonly [name: string]: Matrix } {
  const { epoch, states, modes } = readings[readings.length - 1];
  const count = modes[0].length;
  const [, shown, ...others] = states;
  const { gate } = setting;
  const { W1, W3 } = networkOf(shown, setting);
  const table = (rows: readonly Float64Array[]) => {
    const out = matrix(rows.length, count);
    rows.forEach((row, i) => {
      out.data.set(row, i * count);
    });
    return out;
  };
  const errors = [shown, ...others].map(({ pairErrors }) => pairErrors);
  const meanErrors = errors[0].data.map((_, k) => errors.reduce((sum, { data }) => sum + data[k], 0) / errors.length);
  return {
    gate,
    'pair errors': matrix(gate.rows, gate.cols, meanErrors),
    encoders: table(W1.map((weights) => strongest(weights, count, linalg))),
    shared: table([modes[1]]),
    decoders: table(W3.map((weights) => strongest(weights, count, linalg))),
    'theory strengths': table(
      [0, 1, 2].map((layer) => Float64Array.from({ length: count }, (_, mode) => theory.strengths(mode, epoch)[layer])),
    ),
  };
}

function diagnosticsOf(readings: readonly RoutingReading[], theory: RoutingTheory): StudyResult['diagnostics'] {
  const { states } = readings[readings.length - 1];
  const random = states.slice(1);
  const places = readings.map(({ epoch }) => epoch);
  const found: [string, Estimate][] = [];
  const over = (values: readonly (number | null | undefined)[]) =>
    values.flatMap((value) => (value === null || value === undefined ? [] : [value]));
  for (const [name, values] of [
    ['trained error', over(random.map(({ trainedError }) => trainedError))],
    ['untrained error', over(random.map(({ untrainedError }) => untrainedError))],
  ] as const) {
    if (values.length > 0) found.push([name, estimate(values)]);
  }
  for (const mode of theory.distinct) {
    const expected = theory.halfTime(mode);
    if (expected !== undefined)
      found.push([`half-time of mode ${mode + 1}, theory`, { value: expected, stderr: null }]);
    const times = over(
      random.map((_, k) =>
        crossing(
          places,
          readings.map(({ modes }) => modes[k + 1][mode]),
          theory.end(mode) / 2,
        ),
      ),
    );
    if (times.length === random.length) found.push([`half-time of mode ${mode + 1}`, estimate(times)]);
  }
  const gaps = readings.map((reading) => Math.abs(reading.states[0].loss - theory.loss(reading.epoch)));
  found.push(['decoupled loss minus theory, largest', { value: Math.max(...gaps), stderr: null }]);
  return Object.fromEntries(found.map(([name, value]) => [name, diagnostic(value)]));
}
