import { routingGate, semanticItems } from '@ggdln/architectures/gdln';
import { inputError, type Row, type RunContext, type StudyResult, type StudySnapshot } from '@ggdln/core';
import { type RoutingState, trainRoutingNetwork } from '@ggdln/theory/race';
import { theoryRow } from '../rows.ts';
import { createWatch, snapshotAt } from '../watch.ts';
import { decoupledRouting, networkOf, type RoutingSetting, randomRouting } from './routingNetworks.ts';
import { readingOf, routingResult } from './routingResult.ts';
import { type RoutingTheory, routingTheory } from './routingTheory.ts';

/** What races. */
export interface RoutingRaceOptions {
  /** M input and M output domains. */
  readonly domains: number;
  /** K trained partners of each. */
  readonly partners: number;
  readonly hidden: number;
  readonly rate: number;
  /** Scale of the random starts. */
  readonly start: number;
  /** Networks from random starts. */
  readonly networks: number;
  readonly epochs: number;
}

const where = '@ggdln/studies routing-race';
/** A random start races about as a decoupled one of this part of its scale: 0.2 and 0.08 in the paper. */
const DECOUPLED_PART = 0.4;
/** From here on, random starts keep their pairs apart and the decoupled race is another system's. */
const LARGE_START = 0.5;
/** Theory has about so many points; networks are read at every sixth of them. */
const LINES = 200;
const READ_EVERY = 6;

/**
 * The neural race of a routing network: scalar theory, the decoupled network for which it is exact, and networks from
 * random starts. One step is an epoch of every network.
 * @throws GGDLN_INPUT for K > M; GGDLN_NUMERICAL for a rate at which networks diverge; GGDLN_CANCELLED.
 */
export async function* routingRaceStudy(
  options: RoutingRaceOptions,
  context: RunContext,
): AsyncGenerator<StudySnapshot, StudyResult, void> {
  const { domains, partners, rate, start, epochs } = options;
  const { linalg } = context;
  if (partners > domains) {
    throw inputError(where, `partners is ${partners} of ${domains} domains`, `Give at most ${domains}`);
  }
  const watch = createWatch(context, where);
  const target = semanticItems();
  const setting = { target, gate: routingGate(domains, `${partners}_plus_minus_mod`), hidden: options.hidden };
  const kappa = 1 / (target.rows * target.cols);
  const singularValues = Array.from(linalg.svd(target).s);
  const b0 = DECOUPLED_PART * start;
  const theory = routingTheory({ ...options, trainedPerDomain: partners, singularValues, b0, kappa });
  warnOfLargeStart(start, context);
  const lines = theoryRows(theory, epochs);
  const every = READ_EVERY * lineEvery(epochs);
  const advance = (network: RoutingState, by: number) =>
    trainRoutingNetwork(networkOf(network, setting), { rate, kappa, epochs: [by] }, linalg)[0];
  let states = startingStates(setting, options, b0, kappa, context);
  const readings = [readingOf(states, 0, theory, linalg)];
  const at = (epoch: number, stage: string) => ({ step: epoch, total: epochs, stage, unit: 'epochs' });
  yield snapshotAt(at(0, 'theory'), routingResult(lines, readings, theory, setting, linalg));
  for (let epoch = 1; epoch <= epochs; epoch++) {
    states = states.map((state) => ({ ...advance(state, 1), epoch }));
    const show = await watch.after(at(epoch, 'gradient descent'));
    if (epoch % every === 0 || epoch === epochs) readings.push(readingOf(states, epoch, theory, linalg));
    if (!show || epoch === epochs) continue;
    const now = readings[readings.length - 1].epoch === epoch ? [] : [readingOf(states, epoch, theory, linalg)];
    yield snapshotAt(
      at(epoch, 'gradient descent'),
      routingResult(lines, [...readings, ...now], theory, setting, linalg),
    );
  }
  return routingResult(lines, readings, theory, setting, linalg);
}

function warnOfLargeStart(start: number, { onWarning }: RunContext): void {
  if (start < LARGE_START) return;
  onWarning?.({
    code: 'large-start',
    message:
      `The theory is that of a decoupled start. Random starts of scale ${start} ≥ ${LARGE_START} don't align with it: ` +
      'they fit trained pairs and leave the others alone.',
  });
}

function startingStates(
  setting: RoutingSetting,
  { rate, start, networks }: RoutingRaceOptions,
  b0: number,
  kappa: number,
  { rng, linalg }: RunContext,
): RoutingState[] {
  const read = { rate, kappa, epochs: [0] };
  const decoupled = decoupledRouting(setting, b0, rng.stream('decoupled'), linalg);
  const random = Array.from({ length: networks }, (_, k) =>
    randomRouting(setting, start, rng.stream('random').stream(k), linalg),
  );
  return [decoupled, ...random].map((network) => trainRoutingNetwork(network, read, linalg)[0]);
}

const lineEvery = (epochs: number): number => Math.max(1, Math.round(epochs / LINES));

function theoryRows(theory: RoutingTheory, epochs: number): Row[] {
  const every = lineEvery(epochs);
  const places = Array.from({ length: epochs + 1 }, (_, epoch) => epoch).filter(
    (epoch) => epoch % every === 0 || epoch === epochs,
  );
  return places.flatMap((epoch) => [
    theoryRow({ epoch, group: 'trained pairs' }, 'loss', theory.loss(epoch)),
    ...theory.distinct.map((mode) =>
      theoryRow({ epoch, group: `mode ${mode + 1}` }, 'singular value', theory.strengths(mode, epoch)[1]),
    ),
    theoryRow({ epoch, group: 'untrained pairs' }, 'untrained error', theory.pairError(epoch)),
  ]);
}
