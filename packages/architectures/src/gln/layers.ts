import { inputError, type Parameters } from '@ggdln/core';
import type { GlnHalfSpaces } from './halfSpaces.ts';

/** One layer of a gated linear network. Its weights are one row-major array [neuron][context][input]. */
export interface GlnLayer {
  /** Name of its weights: `W1` is nearest to the inputs. */
  readonly name: string;
  /** K. */
  readonly neurons: number;
  /** 2^B, weight vectors of a neuron. */
  readonly contexts: number;
  /** Inputs of a neuron, biases counted; the biases come first. */
  readonly fanIn: number;
  /** Context bits B. */
  readonly bits: number;
  /** [neuron][bit][D]. */
  readonly normals: Float64Array;
  /** [neuron][bit]. */
  readonly offsets: Float64Array;
}

/** 1 GiB of float64. */
const MAX_LAYER_WEIGHTS = 2 ** 27;

/**
 * The layers over given half-spaces. @param inputs Inputs of the lowest layer, without biases.
 * @param biases Bias inputs of every neuron. @throws GGDLN_INPUT for half-spaces that don't make a network.
 */
export function glnLayers(
  halfSpaces: GlnHalfSpaces,
  sizes: { readonly inputs: number; readonly biases: number },
  where: string,
): readonly GlnLayer[] {
  const { sideInputs, normals, offsets } = halfSpaces;
  for (const [name, count] of Object.entries({ inputs: sizes.inputs, sideInputs })) {
    if (!Number.isSafeInteger(count) || count < 1) {
      throw inputError(where, `${name} = ${count}`, 'Give a whole number ≥ 1');
    }
  }
  const count = (lists: unknown) => (Array.isArray(lists) ? lists.length : 0);
  if (count(normals) === 0 || count(offsets) !== count(normals)) {
    throw inputError(
      where,
      `there are normals for ${count(normals)} layers and offsets for ${count(offsets)}`,
      'Give both for at least one layer, as drawGlnHalfSpaces does',
    );
  }
  const neurons = count(normals[normals.length - 1]);
  if (neurons !== 1) {
    throw inputError(where, `the last layer has ${neurons} neurons`, 'It should have 1: the output of the network');
  }
  const bits = count(normals[0][0]);
  if (bits > 20) throw inputError(where, `a neuron has ${bits} context bits`, 'Give at most 20: it has 2^bits vectors');
  return normals.map((layer, index) => {
    const below = index === 0 ? sizes.inputs : normals[index - 1].length;
    const shape = { neurons: layer.length, contexts: 2 ** bits, fanIn: sizes.biases + below };
    requireSize(shape, index, where);
    return { name: `W${index + 1}`, ...shape, bits, ...packHalfSpaces(halfSpaces, index, bits, where) };
  });
}

/** Number of weights of a layer. */
function layerWeights({ neurons, contexts, fanIn }: Pick<GlnLayer, 'neurons' | 'contexts' | 'fanIn'>): number {
  return neurons * contexts * fanIn;
}

/** Shapes of the weights by name, `W1` (nearest to the inputs) first. */
export function glnShapes(layers: readonly GlnLayer[]): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(layers.map(({ name, neurons, contexts, fanIn }) => [name, [neurons, contexts, fanIn]]));
}

/** All weights at one value, by default 1/fan-in, biases counted: symmetry is broken by the contexts. */
export function glnInitialWeights(layers: readonly GlnLayer[], value: number | undefined, where: string): Parameters {
  if (value !== undefined && !Number.isFinite(value)) {
    throw inputError(where, `the initial weight is ${value}`, 'Give a finite number, or none for 1/fan-in');
  }
  return Object.fromEntries(
    layers.map((layer) => [layer.name, new Float64Array(layerWeights(layer)).fill(value ?? 1 / layer.fanIn)]),
  );
}

/** @throws GGDLN_INPUT for weights that aren't those of the layers; looks at every number only if `entries`. */
export function requireGlnWeights(
  layers: readonly GlnLayer[],
  weights: Parameters,
  where: string,
  { entries }: { readonly entries: boolean },
): void {
  for (const layer of layers) {
    const { name, neurons, contexts, fanIn } = layer;
    const found = weights[name];
    if (!(found instanceof Float64Array) || found.length !== layerWeights(layer)) {
      const what = found instanceof Float64Array ? `${found.length} numbers` : 'no Float64Array';
      throw inputError(where, `the weights ${name} are ${what}`, `They should be ${neurons} × ${contexts} × ${fanIn}`);
    }
    const bad = entries ? found.findIndex((weight) => !(Math.abs(weight) <= 1e100)) : -1;
    if (bad >= 0)
      throw inputError(where, `weight ${bad} of ${name} is ${found[bad]}`, 'Weights are numbers within ±1e100');
  }
}

/** @throws GGDLN_INPUT for a vector of another length than `length`, or with an entry outside [min, max]. */
export function requireVector(
  where: string,
  name: string,
  values: Float64Array,
  length: number,
  [min, max]: readonly [number, number] = [-Number.MAX_VALUE, Number.MAX_VALUE],
): void {
  if (!(values instanceof Float64Array) || values.length !== length) {
    const what = values instanceof Float64Array ? `${values.length} numbers` : 'no Float64Array';
    throw inputError(where, `${name} is ${what}`, `It should be a Float64Array of ${length}`);
  }
  for (let i = 0; i < length; i++) {
    if (values[i] >= min && values[i] <= max) continue;
    const range = max === Number.MAX_VALUE ? 'finite' : `from ${min} to ${max}`;
    throw inputError(where, `${name}[${i}] is ${values[i]}`, `Every entry should be ${range}`);
  }
}

/** The half-spaces of one layer in flat arrays. */
function packHalfSpaces({ sideInputs, normals, offsets }: GlnHalfSpaces, index: number, bits: number, where: string) {
  const size = normals[index].length;
  const packed = { normals: new Float64Array(size * bits * sideInputs), offsets: new Float64Array(size * bits) };
  for (let neuron = 0; neuron < size; neuron++) {
    const place = `neuron ${neuron} of layer ${index + 1}`;
    const [rows, own] = [normals[index][neuron], offsets[index]?.[neuron]];
    if (rows?.length !== bits || own?.length !== bits) {
      const counts = `${rows?.length ?? 'no'} normals and ${own?.length ?? 'no'} offsets`;
      throw inputError(where, `${place} has ${counts}`, `Every neuron should have ${bits} of both, as the first has`);
    }
    for (let bit = 0; bit < bits; bit++) {
      requireHalfSpace(rows[bit], own[bit], sideInputs, `half-space ${bit} of ${place}`, where);
      packed.normals.set(rows[bit], (neuron * bits + bit) * sideInputs);
    }
    packed.offsets.set(own, neuron * bits);
  }
  return packed;
}

function requireHalfSpace(row: readonly number[], offset: number, length: number, name: string, where: string): void {
  if (row?.length !== length) {
    throw inputError(
      where,
      `${name} has a normal of ${row?.length ?? 'no'} numbers`,
      `Give ${length}, one a dimension`,
    );
  }
  if (!row.every(Number.isFinite) || !Number.isFinite(offset)) {
    throw inputError(where, `${name} has a number that is not finite`, 'Give a finite normal and offset');
  }
}

function requireSize(shape: Pick<GlnLayer, 'neurons' | 'contexts' | 'fanIn'>, index: number, where: string): void {
  const { neurons, contexts, fanIn } = shape;
  if (neurons < 1) throw inputError(where, `layer ${index + 1} has no neurons`, 'Give every layer at least 1');
  if (layerWeights(shape) > MAX_LAYER_WEIGHTS) {
    throw inputError(
      where,
      `layer ${index + 1} would have ${neurons} × ${contexts} × ${fanIn} = ${layerWeights(shape)} weights`,
      `Use fewer context bits or neurons: at most ${MAX_LAYER_WEIGHTS} weights a layer`,
    );
  }
}
