import { portableExp, portableLog } from './portableMath.ts';

/** A ziggurat under exp(−x²/2): layers of equal area. */
export interface GaussianTables {
  /** Right edge of each layer, widest first; `edges[0]` is the width of the base box, the last is 0. */
  readonly edges: Float64Array;
  /** `edges[i + 1] / edges[i]`: below it a draw is accepted without looking at the curve. */
  readonly ratios: Float64Array;
  /** exp(−x²/2) at the edges. */
  readonly heights: Float64Array;
  /** `edges` in units of a 31-bit abscissa, in float32. */
  readonly steps: Float32Array;
  /** `ratios` for a 31-bit abscissa. */
  readonly limits: Int32Array;
  /** Where the tail begins. */
  readonly tail: number;
}

/** Start of the tail and area of a layer by the number of layers (Marsaglia and Tsang 2000, table). */
const SHAPES = {
  128: { tail: 3.442619855899, area: 9.91256303526217e-3 },
  256: { tail: 3.6541528853610088, area: 4.92867323399e-3 },
} as const;

const kept: { 128?: GaussianTables; 256?: GaussianTables } = {};

/** The tables, made on first use. Fewer draws of 256 layers need a look at the curve; those of 128 need fewer bits. */
export function gaussianTables(layers: keyof typeof SHAPES): GaussianTables {
  kept[layers] ??= makeTables(layers);
  return kept[layers];
}

function makeTables(layers: keyof typeof SHAPES): GaussianTables {
  const { tail, area } = SHAPES[layers];
  const edges = new Float64Array(layers + 1);
  edges[0] = area / portableExp(-0.5 * tail * tail);
  edges[1] = tail;
  for (let i = 2; i < layers; i++) {
    const before = edges[i - 1];
    edges[i] = Math.sqrt(-2 * portableLog(area / before + portableExp(-0.5 * before * before)));
  }
  const ratios = Float64Array.from({ length: layers }, (_, i) => edges[i + 1] / edges[i]);
  return {
    edges,
    ratios,
    heights: edges.map((edge) => portableExp(-0.5 * edge * edge)),
    steps: Float32Array.from(edges, (edge) => edge * 2 ** -31),
    limits: Int32Array.from(ratios, (ratio) => Math.floor(ratio * 2 ** 31)),
    tail,
  };
}
