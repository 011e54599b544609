import { inputError, type NetworkDimensions, type Parameters } from '@ggdln/core';
import type { GlnHalfSpaces } from './halfSpaces.ts';
import { halfSpaceShapes, halfSpacesFromParameters } from './storedHalfSpaces.ts';

/** What the parameters of gated linear networks, one an output, are shaped by. */
export interface GlnLayout {
  /** Neurons of each layer, nearest to the inputs first; the last is 1. */
  readonly layerSizes: readonly number[];
  readonly contextBits: number;
  /** Bias inputs of every neuron. */
  readonly biases: number;
}

/** The parameters of one network. */
interface GlnPart {
  /** What their names begin with among all: `0/`, `1/`, …; nothing where there is one network. */
  readonly prefix: string;
  readonly weights: Parameters;
  readonly halfSpaces: GlnHalfSpaces;
}

/** What the names of each network's parameters begin with. */
export function prefixes(outputs: number): string[] {
  return outputs === 1 ? [''] : Array.from({ length: outputs }, (_, c) => `${c}/`);
}

export function addPrefix(parameters: Parameters, prefix: string): Parameters {
  return Object.fromEntries(Object.entries(parameters).map(([name, values]) => [prefix + name, values]));
}

/** Shapes of all parameters. */
export function glnParameterShapes(
  { layerSizes, contextBits, biases }: GlnLayout,
  { inputs, outputs }: Pick<NetworkDimensions, 'inputs' | 'outputs'>,
): Record<string, readonly number[]> {
  const one: [string, number[]][] = [
    ...layerSizes.map((size, i): [string, number[]] => [
      `W${i + 1}`,
      [size, 2 ** contextBits, biases + (layerSizes[i - 1] ?? inputs)],
    ]),
    ...halfSpaceShapes({ layerSizes, contextBits, sideInputs: inputs }),
  ];
  return Object.fromEntries(prefixes(outputs).flatMap((prefix) => one.map(([name, shape]) => [prefix + name, shape])));
}

/** Takes the parameters of all networks apart; weights are not copied. @throws GGDLN_INPUT for what doesn't fit. */
export function glnParts(
  layout: GlnLayout,
  parameters: Parameters,
  dimensions: Pick<NetworkDimensions, 'inputs' | 'outputs'>,
  where: string,
): GlnPart[] {
  for (const [name, shape] of Object.entries(glnParameterShapes(layout, dimensions))) {
    const values = parameters[name];
    const size = shape.reduce((a, b) => a * b, 1);
    if (values instanceof Float64Array && values.length === size) continue;
    const found = values instanceof Float64Array ? `has ${values.length} numbers` : 'is not a Float64Array';
    throw inputError(where, `parameter ${name} ${found}`, `It should hold ${shape.join(' × ')} = ${size} numbers`);
  }
  const { layerSizes, contextBits } = layout;
  return prefixes(dimensions.outputs).map((prefix) => {
    const named = (name: string) => parameters[prefix + name];
    const names = layerSizes.flatMap((_, i) => [`V${i + 1}`, `o${i + 1}`]);
    const stored = Object.fromEntries(contextBits === 0 ? [] : names.map((name) => [name, named(name)]));
    return {
      prefix,
      weights: Object.fromEntries(layerSizes.map((_, i) => [`W${i + 1}`, named(`W${i + 1}`)])),
      halfSpaces: halfSpacesFromParameters(stored, { layerSizes, contextBits, sideInputs: dimensions.inputs }),
    };
  });
}

/** How many networks there are parameters of. */
export function countParts(parameters: Parameters): number {
  return 'W1' in parameters ? 1 : Object.keys(parameters).filter((name) => /^\d+\/W1$/.test(name)).length;
}
