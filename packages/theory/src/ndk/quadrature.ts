/** Points in [0, 1] with weights that sum to 1. */
export interface Rule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/** Gauss–Legendre, exact for polynomials of degree 2n − 1. */
export function gaussLegendre(n: number): Rule {
  const nodes = roots((x) => legendre(n, x), n).map((x) => (1 + x) / 2);
  const weights = nodes.map((node) => {
    const x = 2 * node - 1;
    const slope = (n * (x * legendre(n, x) - legendre(n - 1, x))) / (x * x - 1);
    return 1 / ((1 - x * x) * slope * slope);
  });
  return { nodes, weights };
}

/** The n right Radau points in (0, 1], the last of which is 1. */
export function radauNodes(n: number): Float64Array {
  const inner = roots((x) => (legendre(n, x) - legendre(n - 1, x)) / (1 - x), n - 1);
  return Float64Array.from([...inner.map((x) => (1 + x) / 2), 1]);
}

/** Values at ξ of the n polynomials that are 1 at one of the nodes and 0 at the others. */
export function lagrange(nodes: Float64Array, xi: number, out: Float64Array): void {
  for (let j = 0; j < nodes.length; j++) {
    let product = 1;
    for (let k = 0; k < nodes.length; k++) if (k !== j) product *= (xi - nodes[k]) / (nodes[j] - nodes[k]);
    out[j] = product;
  }
}

function legendre(n: number, x: number): number {
  let [previous, value] = [1, x];
  if (n === 0) return 1;
  for (let k = 2; k <= n; k++) [previous, value] = [value, ((2 * k - 1) * x * value - (k - 1) * previous) / k];
  return value;
}

/** All roots of a function with `count` simple ones in (−1, 1): bracketed on a grid that is finer at the ends, halved. */
function roots(f: (x: number) => number, count: number): Float64Array {
  const steps = 40 * (count + 1);
  const at = (i: number) => -Math.cos((Math.PI * (i + 0.37)) / (steps + 1));
  const found: number[] = [];
  for (let i = 0; i < steps; i++) {
    let [low, high] = [at(i), at(i + 1)];
    const sign = Math.sign(f(low));
    if (sign === Math.sign(f(high))) continue;
    for (let halvings = 0; halvings < 60; halvings++) {
      const middle = (low + high) / 2;
      if (Math.sign(f(middle)) === sign) low = middle;
      else high = middle;
    }
    found.push((low + high) / 2);
  }
  return Float64Array.from(found);
}
