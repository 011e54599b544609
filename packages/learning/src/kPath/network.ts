import { inputError, type RandomStream } from '@ggdln/core';
import { type Layer, layerSize } from './layerStack.ts';

const where = '@ggdln/learning k-path network';

/** The network: an encoder for each input domain, one shared hidden block, a decoder for each output domain. */
export interface KPathNetworkOptions {
  /** Units H of every hidden layer. */
  readonly width: number;
  /** Linear layers of each encoder, of the hidden block and of each decoder. Default 1 each. */
  readonly layers?: { readonly encoder?: number; readonly hidden?: number; readonly decoder?: number };
  /** What stands between the layers of one encoder or decoder. Default `linear`. */
  readonly activation?: KPathActivation;
  /** What stands between the layers of the hidden block. Default: `activation`. */
  readonly hiddenActivation?: KPathActivation;
  /** The hidden block, several times in a row. */
  readonly recurrence?: {
    /** How often. Default 1. */
    readonly blocks?: number;
    /** All with the same weights. Default false: each has its own. */
    readonly reuse?: boolean;
    /** What stands between one block and the next. Default `linear`. */
    readonly activation?: KPathActivation;
  };
}

export type KPathActivation = 'linear' | 'relu';

/** How weights start. */
export interface KPathStart {
  /**
   * `xavier-uniform` (default): ± gain √(6/(inputs + outputs)); `xavier-normal`: standard deviation
   * gain √(2/(inputs + outputs)), both of each layer of each encoder and decoder by itself; `fan-in`: weights and biases
   * ± 1/√inputs, whatever gain and bias.
   */
  readonly law?: 'xavier-uniform' | 'xavier-normal' | 'fan-in';
  /** Default 0.01. */
  readonly gain?: number;
  /** All biases. Default 0. */
  readonly bias?: number;
}

/** Sizes that a task gives. */
export interface KPathSizes {
  readonly domains: number;
  readonly features: number;
  readonly classes: number;
}

/** Where everything is in the flat array of parameters: encoders, hidden blocks, decoders. */
export interface KPathLayout {
  /** Number of parameters. */
  readonly size: number;
  readonly encoder: readonly Layer[];
  readonly hidden: readonly Layer[];
  readonly decoder: readonly Layer[];
  encoderAt(domain: number): number;
  readonly hiddenAt: number;
  decoderAt(domain: number): number;
}

/** @throws GGDLN_INPUT for widths or numbers of layers that aren't whole and above 0. */
export function kPathLayout({ domains, features, classes }: KPathSizes, options: KPathNetworkOptions): KPathLayout {
  const { width, layers = {}, activation = 'linear', hiddenActivation = activation, recurrence = {} } = options;
  const { encoder = 1, hidden = 1, decoder = 1 } = layers;
  const { blocks = 1, reuse = false, activation: between = 'linear' } = recurrence;
  for (const [name, value] of Object.entries({ domains, features, classes, width, encoder, hidden, decoder, blocks })) {
    if (Number.isInteger(value) && value > 0) continue;
    throw inputError(where, `${name} is ${value}`, 'It must be a whole number above 0');
  }
  const block = (count: number, first: number, last: number, relu: boolean): Layer[] => {
    let offset = 0;
    return Array.from({ length: count }, (_, l) => {
      const layer = {
        offset,
        inputs: l === 0 ? first : width,
        outputs: l === count - 1 ? last : width,
        relu: relu && l < count - 1,
      };
      offset += layerSize(layer);
      return layer;
    });
  };
  const once = block(hidden, width, width, hiddenActivation === 'relu');
  const blockSize = sizeOf(once);
  const stages = Array.from({ length: blocks }, (_, k) =>
    once.map((layer, l) => ({
      ...layer,
      offset: layer.offset + (reuse ? 0 : k * blockSize),
      relu: layer.relu || (between === 'relu' && l === once.length - 1 && k < blocks - 1),
    })),
  ).flat();
  const [encoders, decoders] = [
    block(encoder, features, width, activation === 'relu'),
    block(decoder, width, classes, activation === 'relu'),
  ];
  const hiddenAt = domains * sizeOf(encoders);
  const decodersAt = hiddenAt + (reuse ? 1 : blocks) * blockSize;
  return {
    size: decodersAt + domains * sizeOf(decoders),
    encoder: encoders,
    hidden: stages,
    decoder: decoders,
    encoderAt: (domain) => domain * sizeOf(encoders),
    hiddenAt,
    decoderAt: (domain) => decodersAt + domain * sizeOf(decoders),
  };
}

/** Parameters to start from. @throws GGDLN_INPUT for a gain that isn't finite and at least 0, or a bias that isn't finite. */
export function startKPath(
  layout: KPathLayout,
  domains: number,
  { law = 'xavier-uniform', gain = 0.01, bias = 0 }: KPathStart,
  rng: RandomStream,
): Float64Array {
  if (!(gain >= 0 && Number.isFinite(gain) && Number.isFinite(bias))) {
    throw inputError(where, `gain is ${gain} and bias ${bias}`, 'Give a finite gain of at least 0, and a finite bias');
  }
  const theta = new Float64Array(layout.size);
  const fill = (at: number, layers: readonly Layer[], stream: RandomStream) => {
    for (const { offset, inputs, outputs } of layers) {
      const [start, count] = [at + offset, outputs * inputs];
      const uniform = law === 'fan-in' ? 1 / Math.sqrt(inputs) : gain * Math.sqrt(6 / (inputs + outputs));
      const deviation = gain * Math.sqrt(2 / (inputs + outputs));
      for (let i = 0; i < count; i++) {
        theta[start + i] =
          law === 'xavier-normal' ? deviation * stream.gaussian() : uniform * (2 * stream.uniform() - 1);
      }
      for (let i = 0; i < outputs; i++) {
        theta[start + count + i] = law === 'fan-in' ? uniform * (2 * stream.uniform() - 1) : bias;
      }
    }
  };
  for (let a = 0; a < domains; a++) fill(layout.encoderAt(a), layout.encoder, rng.stream(`encoder/${a}`));
  fill(layout.hiddenAt, layout.hidden, rng.stream('hidden'));
  for (let b = 0; b < domains; b++) fill(layout.decoderAt(b), layout.decoder, rng.stream(`decoder/${b}`));
  return theta;
}

function sizeOf(layers: readonly Layer[]): number {
  return layers.reduce((sum, layer) => sum + layerSize(layer), 0);
}
