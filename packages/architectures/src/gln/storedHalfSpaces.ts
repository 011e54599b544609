import type { Parameters } from '@ggdln/core';
import type { GlnHalfSpaces } from './halfSpaces.ts';

/** Sizes of one network: neurons of each layer (nearest to the inputs first), bits, dimension of the half-spaces. */
interface HalfSpaceSizes {
  readonly layerSizes: readonly number[];
  readonly contextBits: number;
  readonly sideInputs: number;
}

/** Shapes of half-spaces among parameters: `V1` (normals) K × B × D and `o1` (offsets) K × B, …; none for B = 0. */
export function halfSpaceShapes({ layerSizes, contextBits, sideInputs }: HalfSpaceSizes): [string, number[]][] {
  if (contextBits === 0) return [];
  return layerSizes.flatMap((size, i): [string, number[]][] => [
    [`V${i + 1}`, [size, contextBits, sideInputs]],
    [`o${i + 1}`, [size, contextBits]],
  ]);
}

/** Half-spaces as flat arrays under the names of `halfSpaceShapes`. */
export function halfSpacesToParameters({ normals, offsets }: GlnHalfSpaces): Parameters {
  return Object.fromEntries(
    normals.flatMap((layer, i) =>
      layer[0].length === 0
        ? []
        : [
            [`V${i + 1}`, Float64Array.from(layer.flat(2))],
            [`o${i + 1}`, Float64Array.from(offsets[i].flat())],
          ],
    ),
  );
}

/** The half-spaces that `halfSpacesToParameters` stored. */
export function halfSpacesFromParameters(parameters: Parameters, sizes: HalfSpaceSizes): GlnHalfSpaces {
  const { layerSizes, contextBits: bits, sideInputs } = sizes;
  const normals = layerSizes.map((size, i) =>
    Array.from({ length: size }, (_neuron, k) =>
      Array.from({ length: bits }, (_bit, b) => {
        const at = (k * bits + b) * sideInputs;
        return Array.from(parameters[`V${i + 1}`].subarray(at, at + sideInputs));
      }),
    ),
  );
  const offsets = layerSizes.map((size, i) =>
    Array.from({ length: size }, (_neuron, k) =>
      bits === 0 ? [] : Array.from(parameters[`o${i + 1}`].subarray(k * bits, (k + 1) * bits)),
    ),
  );
  return { sideInputs, normals, offsets };
}
