import { type Layers, widthOf } from '../layers.ts';

/** Sizes of a gated network on some examples, and how its passes are divided. */
export interface GatedPlan {
  readonly layers: Layers;
  /** P. */
  readonly rows: number;
  /** N0. */
  readonly inputs: number;
  /** C. */
  readonly outputs: number;
  /** Gates M_l of hidden layer l. */
  gatesOf(layer: number): number;
  /** N_l; N_0 is N0. */
  unitsOf(layer: number): number;
  /** Columns of W_l: M_{l−1}·N_{l−1}, N0 for l = 1. */
  columnsOf(layer: number): number;
  /** Composite gates of layers L … l with outputs, C·∏_{k≥l} M_k; those of layer 1 for l = 0. */
  branchesOf(layer: number): number;
  /** Where W_l begins in θ; `a` begins at 0. */
  offsetOf(layer: number): number;
  /** Number of weights. */
  readonly size: number;
  /**
   * The layer k at which activities from below meet weights contracted from above: examples pass through W_1 … W_k, and
   * W_L … W_{k+1} are multiplied together first, once for all examples.
   */
  readonly meeting: number;
}

/** What the plan depends on. */
export interface GatedSizes {
  readonly rows: number;
  readonly inputs: number;
  /** M_L, …, M_1. */
  readonly gates: readonly number[];
  readonly outputs: number;
}

/**
 * Lays a gated network out and chooses the meeting layer with the fewest multiplications. The network is linear in its
 * inputs given the gates, so all choices give the same numbers to rounding; contracting from above is the cheaper the
 * fewer composite gates there are (the vectors u^(l) of the theory page ggdln, section 3, come out on the way).
 */
export function planGated(layers: Layers, { rows, inputs, gates, outputs }: GatedSizes): GatedPlan {
  const { depth } = layers;
  const unitsOf = (layer: number) => (layer === 0 ? inputs : widthOf(layers, layer));
  const gatesOf = (layer: number) => gates[depth - layer];
  const columnsOf = (layer: number) => (layer === 1 ? inputs : gatesOf(layer - 1) * unitsOf(layer - 1));
  const branchesOf = (layer: number) => {
    let product = outputs;
    for (let l = depth; l >= Math.max(layer, 1); l--) product *= gatesOf(l);
    return product;
  };
  const sizes = Array.from({ length: depth + 1 }, (_, i) =>
    i === 0 ? unitsOf(depth) * gatesOf(depth) * outputs : unitsOf(depth + 1 - i) * columnsOf(depth + 1 - i),
  );
  const before = (count: number) => sizes.slice(0, count).reduce((sum, size) => sum + size, 0);
  const offsets = Array.from({ length: depth + 1 }, (_, layer) => before(depth + 1 - layer));
  const plan = { layers, rows, inputs, outputs, gatesOf, unitsOf, columnsOf, branchesOf };
  const costs = Array.from({ length: depth + 1 }, (_, layer) => multiplications(plan, layer));
  return {
    ...plan,
    offsetOf: (layer) => offsets[layer],
    size: before(depth + 1),
    meeting: costs.indexOf(Math.min(...costs)),
  };
}

/** Multiplications of a value with its gradient if the passes meet at a layer. */
function multiplications(
  { layers, rows, gatesOf, unitsOf, columnsOf, branchesOf }: Omit<GatedPlan, 'offsetOf' | 'size' | 'meeting'>,
  meeting: number,
): number {
  let count = rows * branchesOf(meeting) * unitsOf(meeting) * (meeting > 0 ? 3 : 2);
  for (let layer = 1; layer <= layers.depth; layer++) {
    const weights = unitsOf(layer) * columnsOf(layer);
    if (layer > meeting) count += 3 * branchesOf(layer) * weights;
    else count += (layer === 1 ? 2 : 3) * rows * weights + (layer === 1 ? 0 : 2 * rows * columnsOf(layer));
    if (layer === meeting) count += rows * gatesOf(layer);
  }
  return count;
}
