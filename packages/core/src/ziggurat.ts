import { portableExp, portableLog } from './portableMath.ts';

/** Layers of the ziggurat under exp(−x²/2); 128 layers of equal area. */
interface GaussianTables {
  /** Right edge of each layer, widest first; `edges[0]` is the width of the base box, `edges[128]` is 0. */
  readonly edges: Float64Array;
  /** `edges[i + 1] / edges[i]`: below it a draw is accepted without looking at the curve. */
  readonly ratios: Float64Array;
  /** Where the tail begins. */
  readonly tail: number;
}

const LAYERS = 128;
/** Start of the tail and area of a layer for 128 layers (Marsaglia and Tsang 2000, table). */
const TAIL = 3.442619855899;
const AREA = 9.91256303526217e-3;

let tables: GaussianTables | undefined;

/** The tables, made on first use. */
export function gaussianTables(): GaussianTables {
  tables ??= makeTables();
  return tables;
}

function makeTables(): GaussianTables {
  const edges = new Float64Array(LAYERS + 1);
  edges[0] = AREA / portableExp(-0.5 * TAIL * TAIL);
  edges[1] = TAIL;
  for (let i = 2; i < LAYERS; i++) {
    const before = edges[i - 1];
    edges[i] = Math.sqrt(-2 * portableLog(AREA / before + portableExp(-0.5 * before * before)));
  }
  const ratios = Float64Array.from({ length: LAYERS }, (_, i) => edges[i + 1] / edges[i]);
  return { edges, ratios, tail: TAIL };
}
