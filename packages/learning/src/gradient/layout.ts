import type { FlatArray, FlatArrayConstructor, NetworkDimensions, Parameters, Problem } from '@ggdln/core';
import type { LossNetwork } from './lossNetwork.ts';

/** A parameter's place in θ. */
interface Part {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly size: number;
}

/** The weights of a problem's network end to end. */
export interface Layout {
  readonly dimensions: NetworkDimensions;
  readonly parts: readonly Part[];
  readonly size: number;
}

/** Places parameters in the order of `Architecture.shapes`. */
export function layOut({ architecture, train }: Problem): Layout {
  const dimensions = { inputs: train.X.cols, gates: train.gates.map((gates) => gates.cols), outputs: train.Y.cols };
  let offset = 0;
  const parts = Object.entries(architecture.shapes(dimensions)).map(([name, shape]) => {
    const size = shape.reduce((product, n) => product * n, 1);
    offset += size;
    return { name, shape, offset: offset - size, size };
  });
  return { dimensions, parts, size: offset };
}

/** θ from named parameters. */
export function flatten<Numbers extends FlatArray>(
  { parts, size }: Layout,
  precision: FlatArrayConstructor<Numbers>,
  parameters: Parameters,
): Numbers {
  const flat = new precision(size);
  for (const { name, offset } of parts) flat.set(parameters[name], offset);
  return flat;
}

/** Named float64 parameters from θ. */
export function unflatten({ parts }: Layout, theta: FlatArray): Parameters {
  return Object.fromEntries(
    parts.map(({ name, offset, size }) => [name, Float64Array.from(theta.subarray(offset, offset + size))]),
  );
}

/** What a network has whatever computes its gradients. */
export function commonParts<Numbers extends FlatArray>(
  { architecture, train, temperature }: Problem,
  layout: Layout,
  precision: FlatArrayConstructor<Numbers>,
): Omit<LossNetwork<Numbers>, 'evaluate' | 'curvatureProduct' | 'testOutputs' | 'dispose'> {
  return {
    precision,
    size: layout.size,
    dimensions: layout.dimensions,
    decay: temperature / architecture.sigma ** 2,
    energyScale: 0.5 * train.Y.data.reduce((sum, value) => sum + value * value, 0),
    flatten: (parameters: Parameters): Numbers => flatten(layout, precision, parameters),
    unflatten: (theta: Numbers): Parameters => unflatten(layout, theta),
  };
}
