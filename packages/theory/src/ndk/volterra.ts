import { createPacer, type LinalgBackend, type OnProgress, throwIfCancelled } from '@ggdln/core';
import { matrix, solveGeneral } from '@ggdln/linalg';
import { factorSums, ownPanel, type VolterraKernel } from './panelKernel.ts';
import { gaussLegendre, lagrange, type Rule, radauNodes } from './quadrature.ts';

const where = '@ggdln/theory ndk';

/** Places the Gauss–Legendre points of one panel part [from, to] ⊆ [0, z]: `visit` gets coordinate and weight. */
export type PlacePoints = (
  rule: Rule,
  z: number,
  from: number,
  to: number,
  visit: (other: number, weight: number) => void,
) => void;

/** α u(z) + ∫₀^z K(z, z′) u(z′) dz′ = g(z), for u of P rows and C columns. */
export interface VolterraEquation {
  readonly size: number;
  readonly columns: number;
  /** α: 1 (second kind) or 0 (first kind). */
  readonly own: 0 | 1;
  readonly kernel: VolterraKernel;
  /** g(z), P × C. */
  readonly source: (z: number, out: Float64Array) => void;
  readonly place: PlacePoints;
}

/** Panels, polynomials on them and points an integral over a panel. */
export interface VolterraMesh {
  readonly edges: Float64Array;
  readonly order: number;
  readonly points: number;
}

export interface Watchers {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** A piecewise polynomial. */
export interface VolterraSolution {
  readonly mesh: VolterraMesh;
  /** ∫ K(z, z′) u(z′) dz′ over [from, to], rows × C. */
  integral(kernel: VolterraKernel, rows: number, z: number, from?: number, to?: number): Float64Array;
  /** u at a coordinate, P × C. */
  at(z: number): Float64Array;
}

/**
 * Collocation at right Radau points, stable also for equations of the first kind (theory page ndk, section 8 A). One
 * dense system of order·P unknowns a panel.
 * @throws GGDLN_CANCELLED; GGDLN_NUMERICAL for a singular system.
 */
export async function solveVolterra(
  equation: VolterraEquation,
  mesh: VolterraMesh,
  linalg: LinalgBackend,
  { signal, onProgress }: Watchers = {},
): Promise<VolterraSolution> {
  const { size, columns, own, kernel, source } = equation;
  const { edges, order } = mesh;
  const nodes = radauNodes(order);
  const panels: Float64Array[] = [];
  const walk = createWalk(equation, mesh, nodes, linalg);
  const pace = createPacer();
  const addOwn = ownPanel(kernel, size, order, linalg);
  for (let p = 0; p + 1 < edges.length; p++) {
    const system = matrix(order * size, order * size);
    const right = matrix(order * size, columns);
    for (let i = 0; i < order; i++) {
      throwIfCancelled(signal, where);
      await pace();
      const z = i + 1 === order ? edges[p + 1] : edges[p] + (edges[p + 1] - edges[p]) * nodes[i];
      const rows = right.data.subarray(i * size * columns, (i + 1) * size * columns);
      source(z, rows);
      const past = walk.integral(panels, kernel, size, z, 0, edges[p]);
      for (let k = 0; k < rows.length; k++) rows[k] -= past[k];
      if (own) for (let a = i * size; a < (i + 1) * size; a++) system.data[a * system.cols + a] = own;
      addOwn(system, i, z, (each) => walk.visit(p, z, edges[p], z, each));
    }
    panels.push(solveGeneral(system, right, linalg).data);
    onProgress?.({ stage: 'integral equation', done: p + 1, total: edges.length - 1, unit: 'panels' });
  }
  return {
    mesh,
    integral: (given, rows, z, from = 0, to = z) => walk.integral(panels, given, rows, z, from, to),
    at: (z) => walk.at(panels, z),
  };
}

/** Integration over panels; shared by the solver and what is read off its solution. */
function createWalk(
  { size, columns, place }: VolterraEquation,
  { edges, order, points }: VolterraMesh,
  nodes: Float64Array,
  linalg: LinalgBackend,
) {
  const rule = gaussLegendre(points);
  const basis = new Float64Array(order);
  const value = new Float64Array(size * columns);
  const combine = (panel: Float64Array) => {
    value.fill(0);
    for (let j = 0; j < order; j++) {
      for (let k = 0; k < value.length; k++) value[k] += basis[j] * panel[j * value.length + k];
    }
  };
  const basisAt = (p: number, z: number) => lagrange(nodes, (z - edges[p]) / (edges[p + 1] - edges[p]), basis);
  const visit = (
    p: number,
    z: number,
    from: number,
    to: number,
    each: (other: number, weight: number, basis: Float64Array) => void,
  ) =>
    place(rule, z, from, to, (other, weight) => {
      basisAt(p, other);
      each(other, weight, basis);
    });
  return {
    visit,
    integral(
      panels: readonly Float64Array[],
      kernel: VolterraKernel,
      rows: number,
      z: number,
      from: number,
      to: number,
    ): Float64Array {
      const out = new Float64Array(rows * columns);
      if (typeof kernel !== 'function') {
        const sums = new Float64Array(kernel.count * size * columns);
        panels.forEach((panel, p) => {
          const [low, high] = [Math.max(from, edges[p]), Math.min(to, edges[p + 1])];
          if (low >= high) return;
          const weights = factorSums(kernel, order, z, (each) => visit(p, z, low, high, each));
          const shape = { m: kernel.count, n: size * columns, k: order, transA: true, beta: 1 } as const;
          linalg.multiplyInto(shape, weights, panel, sums);
        });
        for (let q = 0; q < kernel.count; q++) {
          const offsets = { a: q * rows * size, b: q * size * columns };
          linalg.multiplyInto({ m: rows, n: columns, k: size, beta: 1, offsets }, kernel.terms, sums, out);
        }
        return out;
      }
      const block = new Float64Array(rows * size);
      panels.forEach((panel, p) => {
        const [low, high] = [Math.max(from, edges[p]), Math.min(to, edges[p + 1])];
        if (low >= high) return;
        visit(p, z, low, high, (other, weight) => {
          kernel(z, other, block);
          combine(panel);
          // A call costs more than the few numbers of a single column.
          if (columns < 4) addProduct(out, block, value, weight, rows, size, columns);
          else linalg.multiplyInto({ m: rows, n: columns, k: size, alpha: weight, beta: 1 }, block, value, out);
        });
      });
      return out;
    },
    at(panels: readonly Float64Array[], z: number): Float64Array {
      let p = 0;
      while (p + 1 < panels.length && edges[p + 1] < z) p++;
      basisAt(p, z);
      combine(panels[p]);
      return value.slice();
    },
  };
}

/** out += weight · A · B. */
function addProduct(
  out: Float64Array,
  a: Float64Array,
  b: Float64Array,
  weight: number,
  rows: number,
  size: number,
  columns: number,
): void {
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < size; k++) {
      const factor = weight * a[i * size + k];
      for (let c = 0; c < columns; c++) out[i * columns + c] += factor * b[k * columns + c];
    }
  }
}

/**
 * Points at z − v² for v on Gauss–Legendre points: takes out the square root that ReLU kernels have at z′ = z.
 * @param memory Parts further back than this are left out.
 */
export function placeBehind(memory: number): PlacePoints {
  return (rule, z, from, to, visit) => {
    const low = Math.max(from, z - memory);
    if (low >= to) return;
    const [near, far] = [Math.sqrt(z - to), Math.sqrt(z - low)];
    for (let k = 0; k < rule.nodes.length; k++) {
      const v = near + (far - near) * rule.nodes[k];
      visit(z - v * v, 2 * v * (far - near) * rule.weights[k]);
    }
  };
}

/** Edges from 0 to `end`: a first panel, then wider by `ratio` up to `cap`. */
export function gradedEdges(end: number, first: number, ratio: number, cap: number): Float64Array {
  const edges = [0];
  for (let width = Math.min(first, cap); edges[edges.length - 1] < end; width = Math.min(width * ratio, cap)) {
    const next = edges[edges.length - 1] + width;
    edges.push(next + 0.3 * width > end ? end : next);
  }
  return Float64Array.from(edges);
}
