import type { ConformanceCase, Json, JsonObject } from '@ggdln/core';
import { type Matrix, matrix } from '@ggdln/linalg';
import { readStored } from '../readStored.ts';
import { balancedStrength, unbalancedStrength } from './depth2.ts';
import { trainGatedUnits } from './gatedUnits.ts';
import { competingPathways } from './pathways.ts';
import {
  type RoutingMode,
  type RoutingStrengths,
  routingClosedForm,
  routingLoss,
  routingRace,
  routingRecursion,
} from './routing.ts';
import { type RoutingState, trainRoutingNetwork } from './routingNetwork.ts';
import { xorRace } from './xor.ts';

type Stored = { readonly params: JsonObject; readonly inputs: JsonObject };

const closedForms: ConformanceCase = async (stored) => {
  const { params, inputs } = read(stored);
  const [s, d] = [params.number('s'), params.number('d')];
  const [a0, c1, c2] = [inputs.number('a0'), inputs.number('c1'), inputs.number('c2')];
  const times = inputs.numbers('times');
  return {
    balanced: times.map((t) => balancedStrength({ s, d, a0 }, t)),
    unbalancedD1: times.map((t) => unbalancedStrength({ s, c1, c2 }, t)),
  };
};

const xor: ConformanceCase = async (stored) => {
  const { params, inputs } = read(stored);
  const { strength, loss, network } = xorRace(inputs.number('a0'));
  const [times, epochs, rate] = [inputs.numbers('times'), inputs.numbers('epochs'), params.number('lr')];
  // Examples come in any order; unit k belongs to example k.
  const [X, y] = [inputs.matrix('X'), inputs.numbers('y')];
  const scale = Math.sqrt(inputs.number('a0'));
  const W1 = matrix(
    X.rows,
    X.cols,
    X.data.map((value) => (value * scale) / Math.SQRT2),
  );
  const units = { X, y, W1, w2: y.map((value) => value * scale) };
  const losses = (gates: Matrix | 'relu') =>
    trainGatedUnits({ ...units, gates }, { rate, epochs }).map((state) => state.loss);
  return {
    strength: times.map(strength),
    loss: times.map(loss),
    gradientDescentLoss: losses(network.gates),
    reluLossSameWeights: losses('relu'),
    flowLossAtEpochs: epochs.map((epoch) => loss(epoch * rate)),
  };
};

const racePathways: ConformanceCase = async (stored) => {
  const { params, inputs } = read(stored);
  const race = {
    s: inputs.numbers('s'),
    D: inputs.matrix('D'),
    a0: inputs.numbers('a0'),
    depth: params.number('depth'),
  };
  return { a: competingPathways(race, inputs.numbers('times')).map(plain) };
};

const race: ConformanceCase = async (stored) => {
  const { inputs } = read(stored);
  const [b0, times] = [inputs.number('b0'), inputs.numbers('times')];
  const modes = modesOf(stored, inputs.numbers('singularValues'));
  const grid = inputs.matrix('b2Grid');
  return {
    b123: modes.map((mode) => routingRace(mode, [b0, b0, b0], times).map(plain)),
    timeOfB2: modes.map((mode, i) => {
      const closed = routingClosedForm(mode, b0);
      const b2 = plain(grid.data.subarray(i * grid.cols, (i + 1) * grid.cols));
      return { b2, t: b2.map(closed.timeOf), root: closed.end };
    }),
  };
};

const unequalRace: ConformanceCase = async (stored) => {
  const { inputs } = read(stored);
  const [mode] = modesOf(stored, [inputs.number('s')]);
  const [b1, b2, b3] = inputs.numbers('b');
  return {
    b123: routingRace(mode, [b1, b2, b3], inputs.numbers('times')).map(plain),
    conserved: [b2 ** 2 - mode.domains * b1 ** 2, b1 ** 2 - b3 ** 2],
  };
};

const routingRandom: ConformanceCase = async (stored, { linalg }) => {
  const { params, inputs } = read(stored);
  const target = inputs.matrix('target');
  const network = {
    target,
    gate: inputs.matrix('gate'),
    W1: inputs.matrices('W1'),
    W2: inputs.matrix('W2'),
    W3: inputs.matrices('W3'),
  };
  const epochs = inputs.numbers('epochs');
  const states = trainRoutingNetwork(
    network,
    { rate: params.number('lr'), kappa: params.number('kappa'), epochs },
    linalg,
  );
  const column = (key: 'loss' | 'trainedError' | 'untrainedError'): Json => states.map((state) => state[key]);
  // One value more than T has modes: the first that training leaves alone.
  const singularValues = ({ shared }: RoutingState) => plain(linalg.svd(shared).s.slice(0, target.cols + 1));
  return {
    epochs,
    loss: column('loss'),
    trainedError: column('trainedError'),
    untrainedError: column('untrainedError'),
    hiddenSingularValues: states.map(singularValues),
  };
};

const routingDecoupled: ConformanceCase = async (stored, context) => {
  const { params, inputs } = read(stored);
  const [rate, kappa, b0] = [params.number('lr'), params.number('kappa'), params.number('initScale')];
  const modes = modesOf(stored, plain(context.linalg.svd(inputs.matrix('target')).s));
  const epochs = inputs.numbers('epochs');
  const initial: RoutingStrengths = [b0, b0, b0];
  const dt = 2 * rate * kappa * params.number('M') ** 2;
  const times = epochs.map((epoch) => epoch * dt);
  const lossesOf = (courses: readonly (readonly ArrayLike<number>[])[]) =>
    epochs.map((_, i) =>
      routingLoss(
        modes,
        courses.map((course) => course[i]),
        kappa,
      ),
    );
  return {
    ...(await routingRandom(stored, context)),
    theoryLossScalarRecursion: lossesOf(modes.map((mode) => routingRecursion(mode, initial, { rate, kappa, epochs }))),
    theoryLossFlow: lossesOf(modes.map((mode) => routingRace(mode, initial, times))),
    dtPerEpoch: dt,
  };
};

/** The cases of the neural race in a fixture file, by their `compute` field. */
export const raceConformance: Readonly<Record<string, ConformanceCase>> = {
  'gdln.depth2-closed-forms': closedForms,
  'gdln.xor': xor,
  'gdln.race-pathways': racePathways,
  'gdln.routing-race': race,
  'gdln.routing-race-unequal': unequalRace,
  'gdln.routing-decoupled': routingDecoupled,
  'gdln.routing-random': routingRandom,
};

function read({ params, inputs }: Stored) {
  return { params: readStored('params', params), inputs: readStored('inputs', inputs) };
}

function modesOf(stored: Stored, values: readonly number[]): RoutingMode[] {
  const { params } = read(stored);
  return values.map((s) => ({ domains: params.number('M'), trainedPerDomain: params.number('K'), s }));
}

function plain(values: ArrayLike<number>): number[] {
  return Array.from(values);
}
