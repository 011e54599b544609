import { inputError, type Matrix } from '@ggdln/core';
import { requireMatrix } from '@ggdln/linalg';
import { requireFinite, requirePositive } from './checks.ts';
import { type IntegrateOptions, integrate } from './integrate.ts';

const where = '@ggdln/theory scalarRace';

/** A path through a gated graph, in one mode. */
export interface RacePath {
  /** Its edges by name, input to output. Paths race where they share edges or an output. */
  readonly edges: readonly string[];
  /** Name of the output node at its end. */
  readonly output: string;
  /** Correlation S(p) of the gated input of the path with its target. */
  readonly s: number;
}

/** One mode of a gated deep linear network whose weights are decoupled. */
export interface ScalarRace {
  readonly paths: readonly RacePath[];
  /** D(j, p) = ⟨g_j x g_p x⟩: how much path j explains of what path p sees; paths × paths, symmetric. */
  readonly D: Matrix;
  /** Strength of each edge at the first time. */
  readonly initial: Readonly<Record<string, number>>;
  /** Time unit. Default 1. */
  readonly tau?: number;
}

/** Strengths at one time. */
export interface RaceState {
  readonly time: number;
  /** B_e of every edge. */
  readonly edges: Readonly<Record<string, number>>;
  /** B_p = Π_e B_e of every path, in their order. */
  readonly paths: Float64Array;
}

/**
 * The neural race: τ dB_e/dt = Σ_{p ∋ e} B_{p∖e} [S(p) − Σ_j B_j D(j, p)], j over the paths that end where p does. It
 * is what gradient flow does to a mode of any gated graph whose effective correlations share singular vectors and whose
 * weights start along them. Kept is Σ_out B_e² − Σ_in B_e² at each hidden node. Saxe, Sodhani and Lewallen 2022,
 * arXiv:2207.10430.
 * @throws GGDLN_INPUT for edges without a start, paths that use an edge twice, or a D of another shape.
 */
export function scalarRace(race: ScalarRace, times: ArrayLike<number>, options: IntegrateOptions = {}): RaceState[] {
  const { names, members, overlaps } = readRace(race);
  const { paths, tau = 1, initial } = race;
  const strengths = new Float64Array(paths.length);
  const productOf = (b: Float64Array, edges: readonly number[], without = -1) =>
    edges.reduce((product, edge) => (edge === without ? product : product * b[edge]), 1);
  const states = integrate(
    (_, b, out) => {
      out.fill(0);
      members.forEach((edges, p) => {
        strengths[p] = productOf(b, edges);
      });
      members.forEach((edges, p) => {
        let error = paths[p].s;
        for (const [j, overlap] of overlaps[p]) error -= strengths[j] * overlap;
        for (const edge of edges) out[edge] += (productOf(b, edges, edge) * error) / tau;
      });
    },
    names.map((name) => initial[name]),
    times,
    options,
  );
  return states.map((b, i) => ({
    time: times[i],
    edges: Object.fromEntries(names.map((name, edge) => [name, b[edge]])),
    paths: Float64Array.from(members, (edges) => productOf(b, edges)),
  }));
}

function readRace({ paths, D, initial, tau = 1 }: ScalarRace) {
  requirePositive(where, { tau });
  requireFinite(where, initial);
  requireMatrix(where, 'D (paths × paths)', D, { rows: paths.length, cols: paths.length });
  const names = Object.keys(initial);
  const indices = new Map(names.map((name, edge) => [name, edge]));
  const members = paths.map(({ edges, s }, p) => {
    requireFinite(where, { [`s of path ${p}`]: s });
    if (edges.length === 0 || new Set(edges).size < edges.length) {
      throw inputError(where, `path ${p} is [${edges.join(', ')}]`, 'It needs an edge, and each at most once');
    }
    return edges.map((name) => {
      const edge = indices.get(name);
      if (edge === undefined) throw inputError(where, `edge ${name} of path ${p} has no start`, 'Add it to initial');
      return edge;
    });
  });
  const overlaps = paths.map(({ output }, p) =>
    paths.flatMap((other, j): [number, number][] => {
      const overlap = D.data[j * paths.length + p];
      return other.output === output && overlap !== 0 ? [[j, overlap]] : [];
    }),
  );
  return { names, members, overlaps };
}
