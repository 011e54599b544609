import type { LinalgBackend } from '@ggdln/core';
import type { NdkPoints, NdkProblem } from './problem.ts';
import { type SeparatedKernel, separatedKernel } from './separated.ts';
import { memoryOf, rootMesh, timeMesh } from './timeMesh.ts';
import type { VolterraMesh } from './volterra.ts';

export const NDK_SOLVES = ['mean', 'variance', 'diffusive'] as const;
/** The solves that are planned. */
export type NdkSolve = (typeof NDK_SOLVES)[number];

/** What a solve does, counted on its meshes. */
interface NdkWork {
  /** Numbers of two-time kernels. */
  kernels: number;
  /** Operations of matrix products and eliminations. */
  products: number;
  /** Of each mesh to the last time. */
  readonly panels: number[];
  /** Of the finest mesh to the last time. */
  readonly finest: { readonly order: number; readonly panels: number };
}

/** What is to be solved. */
export interface NdkAsked {
  readonly problem: NdkProblem;
  readonly points: NdkPoints;
  readonly times: ArrayLike<number>;
  readonly solve: NdkSolve;
  /** As {@link separateKernels} has them. */
  readonly separated: NdkSeparated;
}

/** Kernels that are taken as few matrices; without those that are computed for each pair of times. */
export interface NdkSeparated {
  /** The dynamical kernel among training inputs. */
  readonly train?: SeparatedKernel;
  /** That of all inputs with them. */
  readonly all?: SeparatedKernel;
  /** The covariance without data among training inputs. */
  readonly prior?: SeparatedKernel;
}

/** Bytes of a separated kernel: at most this, and this share of what may be used. */
const [MOST_BYTES, SHARE] = [2 ** 28, 1 / 8];

/** The kernels of a solve that are interpolated in the correlation of weights, where that is less work. */
export function separateKernels(
  { problem: { network }, points, times, solve }: Omit<NdkAsked, 'separated'>,
  { tolerance = 1e-5, memoryLimit = Number.POSITIVE_INFINITY }: { tolerance?: number; memoryLimit?: number },
  linalg: LinalgBackend,
): NdkSeparated {
  const end = Math.max(0, ...Array.from(times));
  if (solve === 'diffusive' || end === 0 || network.activation.homogeneous !== true) return {};
  const reach = memoryOf(network);
  const mesh = timeMesh(network, points, solve === 'mean' ? end : Math.min(end, reach), 0, linalg, [0, end]);
  const matrices = matricesToSolve(mesh, reach);
  const wish = { end, tolerance, matrices, bytes: Math.min(MOST_BYTES, SHARE * memoryLimit) };
  const train = separatedKernel(network, points.train, { ...wish, kind: 'dynamical' });
  const other =
    solve === 'mean'
      ? separatedKernel(network, points.all, { ...wish, kind: 'dynamical' })
      : separatedKernel(network, points.train, { ...wish, kind: 'prior' });
  if (!train || !other) return {};
  return { train, [solve === 'mean' ? 'all' : 'prior']: other };
}

/** All that there are. */
export function listSeparated({ train, all, prior }: NdkSeparated): SeparatedKernel[] {
  return [train, all, prior].flatMap((kernel) => kernel ?? []);
}

/** Lays out the meshes of a solve and counts what will be computed on them. */
export function ndkWork(asked: NdkAsked, meshes: number, linalg: LinalgBackend): NdkWork {
  const end = Math.max(0, ...Array.from(asked.times));
  const none = { kernels: 0, products: 0, panels: [], finest: { order: 0, panels: 0 } };
  if (end === 0) return none;
  const kernels = listSeparated(asked.separated).reduce((sum, { evaluations }) => sum + evaluations, 0);
  let work: NdkWork = { ...none, kernels };
  for (let level = 0; level < meshes; level++) {
    const { kernels, products, mesh } = onLevel(asked, end, level, linalg);
    const panels = mesh.edges.length - 1;
    work = {
      kernels: work.kernels + kernels,
      products: work.products + products,
      panels: [...work.panels, panels],
      finest: { order: mesh.order, panels },
    };
  }
  return work;
}

interface LevelWork {
  readonly kernels: number;
  readonly products: number;
  readonly mesh: VolterraMesh;
}

function onLevel(asked: NdkAsked, end: number, level: number, linalg: LinalgBackend): LevelWork {
  if (asked.solve === 'variance') return ofVariance(asked, end, level, linalg);
  return asked.solve === 'mean' ? ofMean(asked, end, level, linalg) : ofDiffusive(asked, end, level);
}

function ofMean(
  { problem, points, times, separated }: NdkAsked,
  end: number,
  level: number,
  linalg: LinalgBackend,
): LevelWork {
  const { network } = problem;
  const [P, all] = [problem.X.rows, points.all.gram.rows];
  const mesh = timeMesh(network, points, end, level, linalg, [0, end]);
  const reach = memoryOf(network);
  if (separated.train && separated.all) {
    const outputs = times.length * productsAt(separated.all, mesh, all, P, 1);
    return {
      kernels: 0,
      products: eliminations(mesh, P, 1) + productsToSolve(separated.train, mesh, P, 1) + outputs,
      mesh,
    };
  }
  let onAll = 0;
  for (const t of Array.from(times)) onAll += mesh.points * panelsBehind(mesh.edges, t, reach);
  const kernels = matricesToSolve(mesh, reach) * perMatrix(problem) + onAll * all * P;
  return { kernels, products: eliminations(mesh, P, 1), mesh };
}

/** One equation a time, backwards from it, with a column a test; covariances without data along its solution. */
function ofVariance(
  { problem, points, times, separated: { train, prior } }: NdkAsked,
  end: number,
  level: number,
  linalg: LinalgBackend,
): LevelWork {
  const { network } = problem;
  const [P, tests] = [problem.X.rows, points.test.gram.rows];
  const reach = memoryOf(network);
  const meshTo = (t: number) => timeMesh(network, points, Math.min(t, reach), level, linalg, [0, t]);
  let [kernels, products] = [0, 0];
  for (const t of Array.from(times)) {
    if (t === 0 || tests === 0) continue;
    const mesh = meshTo(t);
    const nodes = (mesh.edges.length - 1) * mesh.order;
    kernels += 2 * nodes * tests * P;
    products += eliminations(mesh, P, tests);
    if (train && prior) {
      products += productsToSolve(train, mesh, P, tests) + nodes * productsAt(prior, mesh, P, P, tests);
      continue;
    }
    const matrices = 2 * matricesToSolve(mesh, reach);
    kernels += matrices * perMatrix(problem);
    products += matrices * 2 * P * tests * (P + mesh.order);
  }
  return { kernels, products, mesh: meshTo(end) };
}

function ofDiffusive({ problem, points, times }: NdkAsked, end: number, level: number): LevelWork {
  const [P, all] = [problem.X.rows, points.all.gram.rows];
  const mesh = rootMesh(problem.network, Math.sqrt(end), level);
  const nodes = (mesh.edges.length - 1) * mesh.order;
  const far = Number.POSITIVE_INFINITY;
  let onAll = 0;
  for (const tau of Array.from(times)) onAll += 1 + mesh.points * panelsBehind(mesh.edges, Math.sqrt(tau), far);
  const kernels = (matricesToSolve(mesh, far) + nodes) * perMatrix(problem) + onAll * all * P;
  return { kernels, products: eliminations(mesh, P, 1), mesh };
}

/** Numbers of a kernel among training inputs: those of one triangle where variances are the same in both. */
function perMatrix({ network, X: { rows: P } }: NdkProblem): number {
  return network.activation.homogeneous === true ? (P * (P + 1)) / 2 : P * P;
}

function eliminations({ edges, order }: VolterraMesh, P: number, columns: number): number {
  return (edges.length - 1) * ((2 / 3) * (order * P) ** 3 + 2 * (order * P) ** 2 * columns);
}

/** At each node: the integral over the past, and the panel's own blocks. */
function productsToSolve(kernel: SeparatedKernel, mesh: VolterraMesh, P: number, columns: number): number {
  const nodes = (mesh.edges.length - 1) * mesh.order;
  return nodes * (productsAt(kernel, mesh, P, P, columns) + 2 * mesh.order * kernel.count * P * P);
}

/** An integral over half of the panels, as they are on average: factors, sums over times, a product a term. */
function productsAt(
  { count }: SeparatedKernel,
  { edges, order, points }: VolterraMesh,
  rows: number,
  P: number,
  columns: number,
): number {
  const panels = (edges.length - 1) / 2;
  return 2 * count * (panels * order * (points + P * columns) + rows * P * columns);
}

/** Kernel matrices among training inputs: `points` for every node and every panel that it remembers. */
function matricesToSolve({ edges, order, points }: VolterraMesh, reach: number): number {
  let count = 0;
  for (let p = 0; p + 1 < edges.length; p++) count += order * points * panelsBehind(edges, edges[p + 1], reach);
  return count;
}

function panelsBehind(edges: Float64Array, t: number, reach: number): number {
  let count = 0;
  for (let p = 0; p + 1 < edges.length && edges[p] < t; p++) if (edges[p + 1] > t - reach) count++;
  return count;
}
