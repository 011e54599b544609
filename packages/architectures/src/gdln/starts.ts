import { inputError, type LinalgBackend, type Matrix, type RandomStream } from '@ggdln/core';
import { add, matrix, requireMatrix, transpose } from '@ggdln/linalg';
import type { GdlnData, GdlnWeights } from './data.ts';
import type { Gdln } from './graph.ts';
import { gdlnForward } from './samples.ts';

const where = '@ggdln/architectures gdln starts';

/**
 * Random weights of every edge. `orthogonal`: orthonormal rows or columns (whichever are fewer), uniformly drawn, times
 * `scale`; `gaussian`: independent normals of standard deviation `scale`/√(source width).
 */
export function randomGdlnWeights(
  gdln: Gdln,
  { scale, kind = 'orthogonal' }: { readonly scale: number; readonly kind?: 'orthogonal' | 'gaussian' },
  rng: RandomStream,
  linalg: LinalgBackend,
): GdlnWeights {
  if (!(scale > 0 && Number.isFinite(scale))) {
    throw inputError(where, `the scale is ${scale}`, 'It must be above 0: nothing moves away from weights of 0');
  }
  return Object.fromEntries(
    gdln.graph.edges.map(({ id, source, target }) => {
      const [rows, cols] = [gdln.node(target).width, gdln.node(source).width];
      if (kind === 'orthogonal') return [id, randomOrthogonal(rows, cols, scale, rng.stream(id), linalg)];
      const deviation = scale / Math.sqrt(cols);
      return [id, matrix(rows, cols, rng.stream(id).fillGaussian(new Float64Array(rows * cols), deviation))];
    }),
  );
}

/** `scale` times a matrix with orthonormal rows or columns (whichever are fewer), uniform among all such. */
export function randomOrthogonal(
  rows: number,
  cols: number,
  scale: number,
  rng: RandomStream,
  linalg: LinalgBackend,
): Matrix {
  if (rows < cols) return transpose(randomOrthogonal(cols, rows, scale, rng, linalg));
  const { q, r } = linalg.qr(matrix(rows, cols, rng.fillGaussian(new Float64Array(rows * cols))));
  // The signs of the diagonal of R make the law uniform.
  return matrix(
    rows,
    cols,
    q.data.map((value, i) => value * scale * (r.data[(i % cols) * r.cols + (i % cols)] < 0 ? -1 : 1)),
  );
}

/**
 * Weights along the modes: W_e = R_target diag(strengths) R_sourceᵀ, so that modes learn independently (theory page
 * gdln, section 3). Inputs and outputs have the given bases (singular vectors in columns), hidden nodes random ones.
 * @param strengths By edge, one for each mode or one for all.
 * @throws GGDLN_INPUT for bases or strengths that are absent or don't fit, or hidden nodes narrower than the modes.
 */
export function decoupledGdlnWeights(
  gdln: Gdln,
  bases: Readonly<Record<string, Matrix>>,
  strengths: Readonly<Record<string, number | ArrayLike<number>>>,
  rng: RandomStream,
  linalg: LinalgBackend,
): GdlnWeights {
  const ends = gdln.graph.nodes.filter(({ role }) => role !== 'hidden');
  for (const { id, width } of ends) {
    if (!bases[id]) throw inputError(where, `the basis of ${id} is absent`, `Give ${width} × modes numbers`);
    requireMatrix(where, `the basis of ${id}`, bases[id], { rows: width });
  }
  const widest = (wanted: 'input' | 'output') =>
    Math.max(...ends.filter(({ role }) => role === wanted).map(({ id }) => bases[id].cols));
  // What only inputs or only outputs have, no path can carry.
  const modes = Math.min(widest('input'), widest('output'));
  const narrow = gdln.graph.nodes.find(({ role, width }) => role === 'hidden' && width < modes);
  if (narrow) {
    throw inputError(where, `node ${narrow.id} has width ${narrow.width} for ${modes} modes`, `Give it ${modes} units`);
  }
  const hidden = Object.fromEntries(
    gdln.graph.nodes
      .filter(({ role }) => role === 'hidden')
      .map(({ id, width }) => [id, randomOrthogonal(width, modes, 1, rng.stream(id), linalg)]),
  );
  const frames = { ...bases, ...hidden };
  return Object.fromEntries(
    gdln.graph.edges.map(({ id, source, target }) => {
      const value = strengths[id];
      if (value === undefined) throw inputError(where, `edge ${id} has no strength`, 'Give one, or one for each mode');
      const [left, right] = [frames[target], frames[source]];
      const shared = Math.min(left.cols, right.cols);
      const spread = matrix(left.cols, right.cols);
      for (let k = 0; k < shared; k++) {
        const b = typeof value === 'number' ? value : value[k];
        if (!Number.isFinite(b)) throw inputError(where, `edge ${id} has strength ${b} in mode ${k}`, 'Give a number');
        spread.data[k * right.cols + k] = b;
      }
      return [id, linalg.gemm(left, linalg.gemm(spread, right, { transB: true }))];
    }),
  );
}

/**
 * Data on which a network that starts at `weights` learns like its centred copy, α(f − f at the start), on the data
 * given: the initial outputs are added to the targets over α. Only the centred network gets lazy at large starts (theory
 * page gdln, section 5.2), or as α grows, when it becomes its linearisation (Chizat, Oyallon and Bach 2019,
 * arXiv:1812.07956). The loss is that of the centred copy over α², so that the function learns as fast at any α.
 * @param scale α, default 1.
 * @throws GGDLN_INPUT for weights or data that don't fit the graph, or a scale that isn't finite and above 0.
 */
export function centreGdlnTargets(
  gdln: Gdln,
  weights: GdlnWeights,
  data: GdlnData,
  linalg: LinalgBackend,
  scale = 1,
): GdlnData {
  if (!(scale > 0 && Number.isFinite(scale))) {
    throw inputError(where, `the scale of the centred network is ${scale}`, 'Give a finite number above 0');
  }
  const start = gdlnForward(gdln, weights, data, linalg);
  const moved = Object.entries(data.targets).map(([id, target]) => [id, add(target, start[id], 1 / scale, 1)] as const);
  return { ...data, targets: Object.fromEntries(moved) };
}
