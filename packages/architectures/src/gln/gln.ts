import {
  type Architecture,
  type GatedInputs,
  inputError,
  type Matrix,
  type NetworkDimensions,
  type Parameters,
  type RandomStream,
  unknownNameError,
} from '@ggdln/core';
import { matrix, requireMatrix } from '@ggdln/linalg';
import { requireAlwaysOn, requireOneGate } from '../alwaysOn.ts';
import { readLayers } from '../layers.ts';
import { type BernoulliGln, type BernoulliInput, createBernoulliGln } from './bernoulli.ts';
import { createGaussianGln, type GaussianGln, type GaussianInput } from './gaussian.ts';
import { drawGlnHalfSpaces } from './halfSpaces.ts';
import { bernoulliInput, gaussianInput, requireStandardisable, standardiseInput } from './inputs.ts';
import { addPrefix, countParts, type GlnLayout, glnParameterShapes, glnParts, prefixes } from './layout.ts';
import { halfSpacesToParameters } from './storedHalfSpaces.ts';

const where = '@ggdln/architectures createGln';

export const GLN_KINDS = ['bernoulli', 'gaussian'] as const;
export const GLN_CODINGS = ['plus-minus', 'zero-one'] as const;

/** Options of `createGln`. */
export interface GlnOptions {
  /** Hidden layers L ≥ 1; one more neuron above them is the output. */
  readonly depth: number;
  /** Neurons of every hidden layer; not used where `widths` is given. */
  readonly width?: number;
  /** Neurons of each hidden layer, **top first** as everywhere: [20, 50] is [50, 20, 1] in the literature. */
  readonly widths?: readonly number[];
  /** What neurons predict: `bernoulli` yes or no, `gaussian` a number. */
  readonly kind: (typeof GLN_KINDS)[number];
  /** How targets of Bernoulli networks say no and yes: `plus-minus` −1 and 1, `zero-one` 0 and 1. */
  readonly coding: (typeof GLN_CODINGS)[number];
  /** B: every neuron has 2^B weight vectors, of which half-spaces choose one for each input. */
  readonly contextBits: number;
  /** Standard deviation of the half-spaces' offsets. */
  readonly offsetDeviation: number;
  /** ε: Bernoulli predictions are clipped to [ε, 1 − ε]. */
  readonly epsilon: number;
  /** Smallest variance of Gaussian predictions. */
  readonly varianceMin: number;
  /** R: the biases of Gaussian networks have means −R, 0, R, and should bracket the targets. */
  readonly targetRange: number;
  /** Subtract from every input its own mean and divide by its own deviation. */
  readonly standardise: boolean;
}

/** One network with its weights. */
interface GlnMember<Network> {
  /** What the names of its parameters begin with among those of the architecture. */
  readonly prefix: string;
  readonly network: Network;
  readonly weights: Parameters;
}

/** What networks of one kind are, and read. */
interface Reading<Kind extends GlnOptions['kind'], Network, Input> {
  readonly kind: Kind;
  /** One network an output, with half-spaces of its own. @throws GGDLN_INPUT for parameters that don't fit. */
  members(parameters: Parameters, dimensions: NetworkDimensions): readonly GlnMember<Network>[];
  /** What the networks read of an input (N0). */
  read(x: Float64Array): Input;
}

type BernoulliReading = Reading<'bernoulli', BernoulliGln, BernoulliInput>;
type GaussianReading = Reading<'gaussian', GaussianGln, GaussianInput>;

/** A gated linear network with what the learner `online` needs beyond `Architecture`. */
export type Gln = Architecture & {
  /** How targets say no and yes. */
  readonly coding: GlnOptions['coding'];
  /** Random half-spaces and equal weights, 1/fan-in: where learning begins. */
  start(dimensions: NetworkDimensions, rng: RandomStream): Parameters;
} & (BernoulliReading | GaussianReading);

/** Whether an architecture is a gated linear network. */
export function isGln(architecture: Architecture): architecture is Gln {
  return architecture.family === 'gln' && 'members' in architecture;
}

/**
 * Gated linear networks, one an output (theory page gln; Veness et al. 2019, arXiv:1910.01526; Budden et al. 2020,
 * arXiv:2006.05964). Every neuron predicts the target itself with the weight vector that its own half-spaces choose, so
 * there is no global loss: the learner `online` trains them. The outputs f are expectations of the targets: μ, p or,
 * with targets ±1, 2p − 1.
 *
 * Parameters: weights `W1` (nearest to the inputs) K × 2^B × fan-in, …, and the fixed half-spaces, normals `V1`
 * K × B × N0 and offsets `o1` K × B, …; with several outputs `0/W1`, …. It has no gates besides: it takes those of the
 * gating always-on. σ is 1 and means nothing.
 * @throws GGDLN_INPUT for sizes and bounds that no network has; its methods throw GGDLN_INCOMPATIBLE for gates that are
 * not always on.
 */
export function createGln(options: GlnOptions): Gln {
  const { kind, coding, contextBits, offsetDeviation, standardise } = options;
  if (!GLN_KINDS.includes(kind)) throw unknownNameError(where, 'kind', kind, GLN_KINDS);
  if (!GLN_CODINGS.includes(coding)) throw unknownNameError(where, 'coding', coding, GLN_CODINGS);
  const { depth, widths } = readLayers({ ...options, sigma: 1 }, where);
  const layout = { layerSizes: [...widths.toReversed(), 1], contextBits, biases: kind === 'bernoulli' ? 1 : 3 };
  const reading = readingOf(options, layout);
  const checked = (dimensions: NetworkDimensions) => {
    requireGates(depth, dimensions.gates);
    if (standardise) requireStandardisable(dimensions.inputs, where);
    requireOutputs(dimensions);
    return dimensions;
  };
  return {
    family: 'gln',
    widths,
    sigma: 1,
    coding,
    shapes: (dimensions) => glnParameterShapes(layout, checked(dimensions)),
    start(dimensions, rng) {
      const { inputs, outputs } = checked(dimensions);
      const { layerSizes } = layout;
      const parts = prefixes(outputs).map((prefix, c) => {
        const stream = rng.stream(`output ${c}`);
        const halfSpaces = drawGlnHalfSpaces({ sideInputs: inputs, layerSizes, contextBits, offsetDeviation }, stream);
        return addPrefix({ ...equalWeights(layout, inputs), ...halfSpacesToParameters(halfSpaces) }, prefix);
      });
      return Object.assign({}, ...parts) as Parameters;
    },
    predict(parameters, inputs) {
      const dimensions = checked(dimensionsOf(parameters, inputs));
      for (const gates of inputs.gates) requireAlwaysOn(where, gates);
      return predictAll(inputs.X, outputsOf(reading, coding, parameters, dimensions), dimensions.outputs);
    },
    ...reading,
  };
}

function readingOf(options: GlnOptions, layout: GlnLayout): BernoulliReading | GaussianReading {
  const { epsilon, varianceMin, targetRange, standardise } = options;
  const scaled = (x: Float64Array) => (standardise ? standardiseInput(x) : x);
  const parts = (parameters: Parameters, dimensions: NetworkDimensions) =>
    glnParts(layout, parameters, dimensions, where);
  if (options.kind === 'bernoulli') {
    return {
      kind: options.kind,
      members: (parameters, dimensions) =>
        parts(parameters, dimensions).map(({ halfSpaces, ...part }) => ({
          ...part,
          network: createBernoulliGln({ inputs: dimensions.inputs, halfSpaces, epsilon }),
        })),
      read: (x) => bernoulliInput(scaled(x)),
    };
  }
  const biasMeans = [-targetRange, 0, targetRange];
  return {
    kind: options.kind,
    members: (parameters, dimensions) =>
      parts(parameters, dimensions).map(({ halfSpaces, ...part }) => ({
        ...part,
        network: createGaussianGln({ inputs: dimensions.inputs, halfSpaces, varianceMin, biasMeans }),
      })),
    read: (x) => gaussianInput(scaled(x)),
  };
}

/** The function of an input that gives all outputs. */
function outputsOf(
  reading: BernoulliReading | GaussianReading,
  coding: GlnOptions['coding'],
  parameters: Parameters,
  dimensions: NetworkDimensions,
): (x: Float64Array) => number[] {
  if (reading.kind === 'bernoulli') {
    const members = reading.members(parameters, dimensions).map((own) => ({ ...own, pass: own.network.createPass() }));
    return (x) => {
      const input = reading.read(x);
      return members.map(({ network, weights, pass }) => {
        network.forward(weights, input, pass);
        const p = pass[pass.length - 1].probabilities[0];
        return coding === 'plus-minus' ? 2 * p - 1 : p;
      });
    };
  }
  const members = reading.members(parameters, dimensions).map((own) => ({ ...own, pass: own.network.createPass() }));
  return (x) => {
    const input = reading.read(x);
    return members.map(({ network, weights, pass }) => {
      network.forward(weights, input, pass);
      return pass[pass.length - 1].means[0];
    });
  };
}

function predictAll(X: Matrix, outputs: (x: Float64Array) => number[], count: number): Matrix {
  const out = matrix(X.rows, count);
  for (let row = 0; row < X.rows; row++) {
    out.data.set(outputs(X.data.subarray(row * X.cols, (row + 1) * X.cols)), row * count);
  }
  return out;
}

/** All weights of one network at 1/fan-in. */
function equalWeights(layout: GlnLayout, inputs: number): Parameters {
  const shapes = Object.entries(glnParameterShapes(layout, { inputs, outputs: 1 }));
  return Object.fromEntries(
    shapes
      .filter(([name]) => name.startsWith('W'))
      .map(([name, [size, contexts, fanIn]]) => [name, new Float64Array(size * contexts * fanIn).fill(1 / fanIn)]),
  );
}

function dimensionsOf(parameters: Parameters, { X, gates }: GatedInputs): NetworkDimensions {
  requireMatrix(where, 'X (P × N0)', X);
  for (const values of gates) requireMatrix(where, 'the gates of a layer (P × 1)', values, { rows: X.rows });
  const outputs = countParts(parameters);
  if (outputs === 0) throw inputError(where, 'there are no weights W1 or 0/W1', 'Give all that shapes() names');
  return { inputs: X.cols, gates: gates.map(({ cols }) => cols), outputs };
}

function requireGates(depth: number, gates: readonly number[]): void {
  if (gates.length !== depth) {
    throw inputError(
      where,
      `gates are given for ${gates.length} layers, the network has ${depth} hidden ones`,
      'Give one column of ones a hidden layer, as the gating always-on does; half-spaces are its own',
    );
  }
  for (const count of gates) requireOneGate(where, count);
}

function requireOutputs({ inputs, outputs }: NetworkDimensions): void {
  for (const [name, count] of Object.entries({ inputs, outputs })) {
    if (Number.isInteger(count) && count >= 1) continue;
    throw inputError(where, `the number of ${name} is ${count}`, 'It must be a whole number ≥ 1');
  }
}
