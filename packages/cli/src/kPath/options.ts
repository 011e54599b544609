import {
  boolean,
  choice,
  inputError,
  integer,
  type JsonObject,
  number,
  type OptionsSchema,
  resolveOptions,
  text,
} from '@ggdln/core';
import { centredOptions, type KPathCheckpoints, type KPathOptions } from '@ggdln/learning/k-path';

const ACTIVATIONS = ['linear', 'relu'] as const;

/** Which domains there are, and which pairs of them are trained. */
const domainOptions = {
  domains: integer({ title: 'Domains', symbol: 'M', min: 1, default: 10, help: 'Of inputs, and as many of outputs' }),
  gate: text({
    title: 'Trained pairs',
    default: '4_plus_mod_permute',
    help: 'fully_connected, mod, K_plus_mod or K_plus_minus_mod, each also _permute',
  }),
  gateClasses: integer({ title: 'Pairs of the mode mod', min: 1, default: 4, help: 'For mod alone' }),
  inputs: choice({
    title: 'Input domains',
    values: ['permuted', 'turned'],
    default: 'permuted',
    help: 'Pixels in an order of their own, or turned by 270 i/M degrees',
  }),
  labels: choice({
    title: 'Output domains',
    values: ['random', 'lexicographic'],
    default: 'random',
    help: 'Class names in random orders, or the first M in lexicographic order',
  }),
};

/** The network and where it starts. */
const networkOptions = {
  width: integer({ title: 'Width', symbol: 'H', min: 1, default: 32, help: 'Units of every hidden layer' }),
  encoderLayers: integer({ title: 'Encoder layers', min: 1, default: 1, help: 'Linear layers of each encoder' }),
  hiddenLayers: integer({ title: 'Hidden layers', min: 1, default: 1, help: 'Linear layers of the shared block' }),
  decoderLayers: integer({ title: 'Decoder layers', min: 1, default: 1, help: 'Linear layers of each decoder' }),
  activation: choice({
    title: 'Activation',
    values: ACTIVATIONS,
    default: 'linear',
    help: 'Between the layers of one encoder or decoder',
  }),
  hiddenActivation: choice({
    title: 'Activation of the block',
    values: ['same', ...ACTIVATIONS],
    default: 'same',
    help: 'Between the layers of the shared block; same: as --activation',
  }),
  blocks: integer({ title: 'Blocks', min: 1, default: 1, help: 'How often the shared block stands in a row' }),
  reuse: boolean({ title: 'Reuse', default: false, help: 'All these blocks have the same weights' }),
  blockActivation: choice({
    title: 'Activation of the row',
    values: ACTIVATIONS,
    default: 'linear',
    help: 'Between one block and the next',
  }),
  law: choice({
    title: 'Law of the start',
    values: ['xavier-uniform', 'xavier-normal', 'fan-in'],
    default: 'xavier-uniform',
    help: 'Of each layer of each encoder and decoder by itself',
  }),
  gain: number({ title: 'Gain', min: 0, default: 0.1, help: 'Size of the weights at the start' }),
  bias: number({ title: 'Bias', default: 0, help: 'All biases at the start' }),
  ...centredOptions,
};

/** How it learns. */
const learningOptions = {
  optimizer: choice({ title: 'Optimizer', values: ['sgd', 'adam'], default: 'sgd', help: 'As in PyTorch' }),
  rate: number({ title: 'Rate', symbol: 'η', min: 0, exclusiveMin: true, default: 0.1, help: 'Step of learning' }),
  momentum: number({ title: 'Momentum', min: 0, max: 1, default: 0.9, help: 'Of sgd' }),
  dampening: number({ title: 'Dampening', min: 0, max: 1, default: 0, help: 'Of sgd' }),
  nesterov: boolean({ title: 'Nesterov', default: false, help: 'Of sgd' }),
  weightDecay: number({ title: 'Weight decay', min: 0, default: 0, help: 'Of both' }),
  beta1: number({ title: 'β₁', min: 0, max: 1, default: 0.9, help: 'Of adam' }),
  beta2: number({ title: 'β₂', min: 0, max: 1, default: 0.999, help: 'Of adam' }),
  epsilon: number({ title: 'ε', min: 0, exclusiveMin: true, default: 1e-8, help: 'Of adam' }),
  amsgrad: boolean({ title: 'AMSGrad', default: false, help: 'Of adam' }),
  batch: integer({
    title: 'Batch',
    min: 1,
    default: 50,
    help: 'Examples of a step; the last, partial batch is dropped',
  }),
  epochs: integer({ title: 'Epochs', min: 1, default: 30, help: 'Passes through the training examples' }),
  shuffle: boolean({ title: 'Shuffle', default: true, help: 'A new order of examples each epoch' }),
  scoreEvery: integer({ title: 'Epochs between scores', min: 1, default: 1, help: 'All pairs, on both halves' }),
  stopBelow: number({ title: 'Stop below', min: 0, default: 0, help: 'Training loss at which a score ends the run' }),
};

/** When states are kept; no number depends on it. */
const checkpointSchema = {
  checkpointEvery: integer({ title: 'Epochs between checkpoints', min: 0, default: 0, help: '0: by time and steps' }),
  checkpointSteps: integer({ title: 'Steps between checkpoints', min: 0, default: 0, help: '0: by time and epochs' }),
  checkpointSeconds: number({ title: 'Seconds between checkpoints', min: 0, default: 10, help: '0: after every step' }),
  keep: integer({ title: 'Checkpoints kept', min: -1, default: 1, help: 'Of so many last epochs; −1: all, 0: none' }),
};

const schema = { ...domainOptions, ...networkOptions, ...learningOptions };

/** All that the numbers depend on, beside data and seed. */
export const kPathSchema: OptionsSchema = schema;

/** When states are kept. */
export const checkpointOptions: OptionsSchema = checkpointSchema;

/** The headings under which help lists the options. */
export const kPathSections: Readonly<Record<string, OptionsSchema>> = {
  Domains: domainOptions,
  'Network and start': networkOptions,
  Learning: learningOptions,
  Checkpoints: checkpointSchema,
};

type Activation = 'linear' | 'relu';

/** What `kPathSchema` describes. */
export interface KPathValues {
  readonly domains: number;
  readonly gate: string;
  readonly gateClasses: number;
  readonly inputs: 'permuted' | 'turned';
  readonly labels: 'random' | 'lexicographic';
  readonly width: number;
  readonly encoderLayers: number;
  readonly hiddenLayers: number;
  readonly decoderLayers: number;
  readonly activation: Activation;
  readonly hiddenActivation: 'same' | Activation;
  readonly blocks: number;
  readonly reuse: boolean;
  readonly blockActivation: Activation;
  readonly law: 'xavier-uniform' | 'xavier-normal' | 'fan-in';
  readonly gain: number;
  readonly bias: number;
  readonly centred: boolean;
  readonly scale: number;
  readonly optimizer: 'sgd' | 'adam';
  readonly rate: number;
  readonly momentum: number;
  readonly dampening: number;
  readonly nesterov: boolean;
  readonly weightDecay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly amsgrad: boolean;
  readonly batch: number;
  readonly epochs: number;
  readonly shuffle: boolean;
  readonly scoreEvery: number;
  readonly stopBelow: number;
}

const where = 'ggdln k-path';

/** Reads raw values. @throws GGDLN_INPUT, GGDLN_UNKNOWN_NAME naming the option. */
export function readKPathValues(raw: JsonObject): KPathValues {
  const values: KPathValues = resolveOptions(schema, raw, where);
  if (values.centred || values.scale === 1) return values;
  throw inputError(where, `--scale is ${values.scale}, but the network is not centred`, 'Add --centred');
}

/** The options of `learnKPath`. */
export function toKPathOptions(values: KPathValues): KPathOptions {
  const { gate, gateClasses, width, encoderLayers, hiddenLayers, decoderLayers, activation, hiddenActivation } = values;
  const { blocks, reuse, blockActivation, law, gain, bias, batch, epochs, shuffle, scoreEvery, stopBelow } = values;
  const { rate, weightDecay, momentum, dampening, nesterov, beta1, beta2, epsilon, amsgrad } = values;
  return {
    gate: { mode: gate, classes: gateClasses },
    network: {
      width,
      layers: { encoder: encoderLayers, hidden: hiddenLayers, decoder: decoderLayers },
      activation,
      ...(hiddenActivation === 'same' ? {} : { hiddenActivation }),
      recurrence: { blocks, reuse, activation: blockActivation },
    },
    start: { law, gain, bias },
    centred: values.centred && { scale: values.scale },
    optimizer:
      values.optimizer === 'sgd'
        ? { use: 'sgd', rate, momentum, dampening, weightDecay, nesterov }
        : { use: 'adam', rate, betas: [beta1, beta2], epsilon, weightDecay, amsgrad },
    batch,
    epochs,
    shuffle,
    scoreEvery,
    stopBelow,
  };
}

/** How often states are kept; undefined for never. @throws GGDLN_INPUT, GGDLN_UNKNOWN_NAME naming the option. */
export function readIntervals(raw: JsonObject): Omit<KPathCheckpoints, 'store'> | undefined {
  const { checkpointEvery, checkpointSteps, checkpointSeconds, keep } = resolveOptions(checkpointSchema, raw, where);
  if (keep === 0) return undefined;
  return {
    ...(checkpointEvery === 0 ? {} : { every: checkpointEvery }),
    ...(checkpointSteps === 0 ? {} : { everySteps: checkpointSteps }),
    everySeconds: checkpointSeconds,
    keep: keep < 0 ? Number.POSITIVE_INFINITY : keep,
  };
}
