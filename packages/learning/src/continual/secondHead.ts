import { inputError, type LinalgBackend, type Matrix, type RandomStream } from '@ggdln/core';
import { add, columnVector, inner, matrix, requireMatrix } from '@ggdln/linalg';

/** Two tasks with a head each on one linear hidden layer. */
export interface SecondHeadProblem {
  readonly tasks: readonly [HeadTask, HeadTask];
  /** Hidden units N. */
  readonly width: number;
  readonly sigma2: number;
  /** Stiffness of the hidden weights between the tasks. */
  readonly lambda: number;
  /** Held-out inputs and targets of task 2. */
  readonly test?: HeadTask;
}

interface HeadTask {
  readonly X: Matrix;
  readonly y: Float64Array;
}

/** How the second head is sampled. */
export interface SecondHeadOptions {
  /** Settled trajectories; as many again come before. Default 200. */
  readonly samples?: number;
  readonly rng: RandomStream;
  readonly linalg: LinalgBackend;
}

/** Posterior means of one draw of the first task's weights. */
export interface SecondHeadSample {
  /** |a2|²/N. */
  readonly u: number;
  /** cos²(a1, a2). */
  readonly cosSquared: number;
  /** Mean squared error on held-out inputs of task 2, with the variance of the hidden weights; NaN without any. */
  readonly testError: number;
  readonly acceptance: number;
}

const where = '@ggdln/learning sampleSecondHead';

/**
 * The second head of a linear network that has learnt a first task: hidden weights after task 1 drawn exactly, those after
 * task 2 integrated out exactly, and the N numbers of the head sampled by Hamiltonian Monte Carlo in the eigenbasis of
 * GᵀG. For theory see `solveMultiHead`. Source: theory page continual, sections 6 and 8.4.
 * @throws GGDLN_INPUT for parts that don't fit; GGDLN_NUMERICAL for a task of N0 inputs or more.
 */
export function sampleSecondHead(problem: SecondHeadProblem, options: SecondHeadOptions): SecondHeadSample {
  const { tasks, width, sigma2, lambda, test } = problem;
  for (const [name, value] of Object.entries({ width, sigma2, lambda })) {
    if (!(value > 0 && Number.isFinite(value)))
      throw inputError(where, `${name} is ${value}`, 'Give a finite number > 0');
  }
  tasks.forEach(({ X, y }, t) => {
    requireMatrix(where, `tasks[${t}].X (P × N0)`, X, { cols: tasks[0].X.cols });
    requireMatrix(where, `tasks[${t}].y (P)`, columnVector(y), { rows: X.rows });
  });
  const { samples = 200, rng, linalg } = options;
  if (!Number.isSafeInteger(samples) || samples < 1)
    throw inputError(where, `samples is ${samples}`, 'Give a whole number ≥ 1');
  const { W, direction } = afterFirstTask(problem, rng.stream('first task'), linalg);
  const [, two] = tasks;
  const N0 = two.X.cols;
  const gram = (a: Matrix, b: Matrix) => linalg.gemm(a, b, { transB: true, alpha: 1 / N0 });
  const K22 = gram(two.X, two.X);
  const L = linalg.cholesky(K22);
  const hidden = (X: Matrix) => linalg.gemm(X, W, { transB: true, alpha: 1 / Math.sqrt(width * N0) });
  const F = hidden(two.X);
  const G = linalg.triangularSolve(L, F);
  const y = linalg.triangularSolve(L, columnVector(two.y));
  const { values, vectors } = linalg.symmetricEigen(linalg.syrk(G, { trans: true }));
  const precision = lambda + 1 / sigma2;
  const density: HeadDensity = {
    width,
    P: two.X.rows,
    sigma2,
    precision,
    kept: lambda / precision,
    spectrum: values.map((value) => Math.max(0, value)),
    along: linalg.gemm(vectors, linalg.gemm(G, y, { transA: true }), { transA: true }).data,
    targets: inner(y, y),
  };
  const old = linalg.gemm(vectors, columnVector(direction), { transA: true }).data;
  const read = test
    ? testReader(problem, test, { K22: L, F, hidden, vectors, kept: density.kept, precision }, linalg)
    : () => Number.NaN;
  const sum = { u: 0, cosSquared: 0, testError: 0 };
  const chain = createChain(density, rng.stream('second head'));
  for (let k = 0; k < samples; k++) chain.move(false);
  let acceptance = 0;
  for (let k = 0; k < samples; k++) {
    acceptance += chain.move(true) / samples;
    const u = squared(chain.b) / width;
    sum.u += u / samples;
    sum.cosSquared += dot(chain.b, old) ** 2 / (width * u) / samples;
    sum.testError += read(chain.b, u) / samples;
  }
  return { ...sum, acceptance };
}

/** Hidden weights W (N × N0) after task 1 and the direction of its head, at the concentrated |a1|². */
function afterFirstTask({ tasks: [one], width, sigma2 }: SecondHeadProblem, rng: RandomStream, linalg: LinalgBackend) {
  const N0 = one.X.cols;
  const K = linalg.gemm(one.X, one.X, { transB: true, alpha: 1 / N0 });
  const L = linalg.cholesky(K);
  const q = inner(columnVector(one.y), linalg.choleskySolve(L, columnVector(one.y))) / width;
  const linear = sigma2 * (one.X.rows / width - 1);
  const u = (-linear + Math.sqrt(linear * linear + 4 * sigma2 * q)) / 2;
  const direction = rng.fillGaussian(new Float64Array(width));
  const norm = Math.sqrt(squared(direction));
  for (let i = 0; i < width; i++) direction[i] /= norm;
  const W = matrix(width, N0, rng.fillGaussian(new Float64Array(width * N0), Math.sqrt(sigma2)));
  const now = linalg.gemm(one.X, linalg.gemm(W, columnVector(direction), { transA: true }));
  const missing = matrix(
    one.X.rows,
    1,
    now.data.map((value, mu) => one.y[mu] * Math.sqrt(N0 / u) - value),
  );
  const shift = linalg.gemm(one.X, linalg.choleskySolve(L, missing), { transA: true, alpha: 1 / N0 }).data;
  for (let i = 0; i < width; i++) for (let j = 0; j < N0; j++) W.data[i * N0 + j] += direction[i] * shift[j];
  return { W, direction };
}

/** −log P of the head in the eigenbasis of GᵀG. */
interface HeadDensity {
  readonly width: number;
  readonly P: number;
  readonly sigma2: number;
  /** λ̂. */
  readonly precision: number;
  /** λ̃. */
  readonly kept: number;
  readonly spectrum: Float64Array;
  /** Gᵀỹ. */
  readonly along: Float64Array;
  /** |ỹ|². */
  readonly targets: number;
}

/** Energy at b; its gradient over `into`. */
function energyAt(density: HeadDensity, b: Float64Array, into: Float64Array): number {
  const { width, P, sigma2, precision, kept, spectrum, along, targets } = density;
  const u = squared(b) / width;
  let residual = targets;
  for (let i = 0; i < width; i++) {
    into[i] = kept * (kept * spectrum[i] * b[i] - along[i]);
    residual += b[i] * (into[i] - kept * along[i]);
  }
  const scale = precision / u;
  const radial = 1 / sigma2 + (P - scale * residual) / (u * width);
  for (let i = 0; i < width; i++) into[i] = scale * into[i] + radial * b[i];
  return (width * u) / (2 * sigma2) + (P / 2) * Math.log(u) + (scale / 2) * residual;
}

/** A chain whose masses follow u until it has settled. */
function createChain(density: HeadDensity, rng: RandomStream) {
  const { width, spectrum, precision, kept, sigma2, along } = density;
  let b = rng.fillGaussian(new Float64Array(width), Math.sqrt(sigma2));
  // Towards the targets from the start, so that no side of the origin has to be found.
  for (let i = 0; i < width; i++) b[i] += along[i] / (spectrum[i] + 0.1 * sigma2);
  let step = 0.1;
  let mass = new Float64Array(width);
  const [p, slope] = [new Float64Array(width), new Float64Array(width)];
  const reweigh = () => {
    const u = squared(b) / width;
    mass = spectrum.map((mu) => (precision * kept * kept * mu) / u + 1 / sigma2 + 0.3 / u);
  };
  reweigh();
  return {
    get b() {
      return b;
    },
    /** One trajectory; returns its probability of acceptance. */
    move(settled: boolean): number {
      for (let i = 0; i < width; i++) p[i] = Math.sqrt(mass[i]) * rng.gaussian();
      const end = b.slice();
      const before = energyAt(density, end, slope) + kinetic(p, mass);
      const length = step * (0.8 + 0.4 * rng.uniform());
      for (let k = 0; k < 15; k++) {
        for (let i = 0; i < width; i++) {
          p[i] -= (length / 2) * slope[i];
          end[i] += (length * p[i]) / mass[i];
        }
        energyAt(density, end, slope);
        for (let i = 0; i < width; i++) p[i] -= (length / 2) * slope[i];
      }
      const after = energyAt(density, end, slope) + kinetic(p, mass);
      const acceptance = Number.isFinite(after) ? Math.min(1, Math.exp(before - after)) : 0;
      if (rng.uniform() < acceptance) b = end;
      if (!settled) {
        step = Math.min(0.5, Math.max(1e-4, step * Math.exp(0.1 * (acceptance - 0.8))));
        reweigh();
      }
      return acceptance;
    },
  };
}

/** Mean squared error on held-out inputs, the hidden weights averaged. */
function testReader(
  { tasks: [, two] }: SecondHeadProblem,
  test: HeadTask,
  made: {
    readonly K22: Matrix;
    readonly F: Matrix;
    readonly hidden: (X: Matrix) => Matrix;
    readonly vectors: Matrix;
    readonly kept: number;
    readonly precision: number;
  },
  linalg: LinalgBackend,
): (b: Float64Array, u: number) => number {
  const N0 = two.X.cols;
  const Kx = linalg.gemm(two.X, test.X, { transB: true, alpha: 1 / N0 });
  const solved = linalg.choleskySolve(made.K22, Kx);
  const known = linalg.gemm(solved, columnVector(two.y), { transA: true }).data;
  const explained = linalg.gemm(solved, made.F, { transA: true });
  const rest = linalg.gemm(add(made.hidden(test.X), explained, 1, -1), made.vectors);
  let left = 0;
  for (let q = 0; q < test.X.rows; q++) {
    for (let j = 0; j < N0; j++) left += test.X.data[q * N0 + j] ** 2 / N0;
    for (let mu = 0; mu < Kx.rows; mu++) left -= Kx.data[mu * Kx.cols + q] * solved.data[mu * Kx.cols + q];
  }
  return (b, u) => {
    const f = linalg.gemm(rest, columnVector(b)).data;
    let sum = (u * left) / made.precision;
    for (let q = 0; q < f.length; q++) sum += (known[q] + made.kept * f[q] - test.y[q]) ** 2;
    return sum / f.length;
  };
}

function squared(values: Float64Array): number {
  return dot(values, values);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function kinetic(p: Float64Array, mass: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += (p[i] * p[i]) / mass[i];
  return sum / 2;
}
