import { createRandom } from '@ggdln/core';
import { langevinEnsemble, pairStatistics } from '@ggdln/learning';
import { chooseLinalg, matrix } from '@ggdln/linalg';
import { signData } from '@ggdln/studies';
import { reluActivation } from '@ggdln/theory/kernels';
import { ndkEquilibrium, scaledErfActivation } from '@ggdln/theory/ndk';

const { backend: linalg } = await chooseLinalg();
const [name, width, pairs, first] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const [P, TESTS, N0, T] = [4, 2, 5, 0.1];
const data = signData({ examples: P, tests: TESTS, features: N0 }, createRandom(1).stream('sign data'));
const act = name === 'erf' ? scaledErfActivation(1) : reluActivation;
function erf(x) {
  const t = 1 / (1 + 0.5 * Math.abs(x));
  const y =
    1 -
    t *
      Math.exp(
        -x * x -
          1.26551223 +
          t *
            (1.00002368 +
              t *
                (0.37409196 +
                  t *
                    (0.09678418 +
                      t *
                        (-0.18628806 +
                          t *
                            (0.27886807 +
                              t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277)))))))),
      );
  return x >= 0 ? y : -y;
}
const phi = name === 'erf' ? erf : (h) => Math.max(0, h);
const theory = await ndkEquilibrium(
  {
    network: { activation: act, depth: 1, sigma: 1, sigma0: 1, temperature: T },
    X: data.X,
    y: data.y,
    test: { X: data.test.X },
  },
  { linalg },
);
// neurons
const M = 400000,
  all = [...Array(P)]
    .map((_, i) => data.X.data.subarray(i * N0, i * N0 + N0))
    .concat([...Array(TESTS)].map((_, i) => data.test.X.data.subarray(i * N0, i * N0 + N0)));
const rng = createRandom(7);
const F = new Float64Array(M * (P + TESTS));
const w = new Float64Array(N0);
for (let m = 0; m < M; m++) {
  if (m % 2 === 0 || name === 'erf') rng.fillGaussian(w);
  else for (let j = 0; j < N0; j++) w[j] = -w[j];
  all.forEach((x, i) => {
    let h = 0;
    for (let j = 0; j < N0; j++) h += w[j] * x[j];
    F[m * (P + TESTS) + i] = phi(h / Math.sqrt(N0));
  });
}
const n = P + TESTS;
const K = new Float64Array(n * n);
for (let m = 0; m < M; m++)
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) K[i * n + j] += (F[m * n + i] * F[m * n + j]) / M;
const Kt = matrix(P, P);
for (let i = 0; i < P; i++) for (let j = 0; j < P; j++) Kt.data[i * P + j] = K[i * n + j] + (i === j ? T : 0);
const L = linalg.cholesky(Kt);
const eye = matrix(P, P);
for (let i = 0; i < P; i++) eye.data[i * P + i] = 1;
const A = linalg.choleskySolve(L, eye).data;
const v = linalg.choleskySolve(L, matrix(P, 1, data.y)).data;
const out = [];
for (let x = 0; x < n; x++) {
  const k = Array.from({ length: P }, (_, mu) => K[x * n + mu]);
  const Ak = linalg.choleskySolve(L, matrix(P, 1, Float64Array.from(k))).data;
  let e1 = 0,
    Epg = 0,
    cgg = 0,
    Egg = 0,
    Eq = 0;
  const Epf = new Float64Array(P),
    Efg = new Float64Array(P);
  let s1 = 0;
  for (let m = 0; m < M; m++) {
    const f = F.subarray(m * n, m * n + n);
    let psi = f[x],
      g = 0,
      q = 0;
    for (let i = 0; i < P; i++) {
      psi -= Ak[i] * f[i];
      g += v[i] * f[i];
      let r = 0;
      for (let j = 0; j < P; j++) r += A[i * P + j] * f[j];
      q += f[i] * r;
    }
    e1 += (psi * g * q) / M;
    s1 += (psi * g * q) ** 2 / M;
    Epg += (psi * g) / M;
    cgg += (psi * g ** 3) / M;
    Egg += (g * g) / M;
    Eq += q / M;
    for (let i = 0; i < P; i++) {
      Epf[i] += (psi * f[i]) / M;
      Efg[i] += (f[i] * g) / M;
    }
  }
  let cross = 0;
  for (let i = 0; i < P; i++) for (let j = 0; j < P; j++) cross += Epf[i] * A[i * P + j] * Efg[j];
  const ridge = -(e1 - cross);
  const tilt = 0.5 * (cgg - Epg * Egg) - 0.5 * (e1 - Epg * Eq);
  let dT = 0;
  const A2 = linalg.choleskySolve(L, matrix(P, 1, v)).data;
  for (let i = 0; i < P; i++) dT -= k[i] * A2[i];
  out.push({ x, ridge, tilt, total: ridge + tilt, mcErr: Math.sqrt(s1 / M), simple: T * dT * Eq, dof: Eq });
}
console.log(name, 'theory', Array.from(theory.test), 'prediction (times 1/N)', out.slice(P));
if (width) {
  // prior features MC
  const STEP = 0.05,
    MEM = 10,
    at = [1, 2, 3, 6].map((t) => Math.round((t * MEM) / STEP));
  const run = await langevinEnsemble(
    {
      network: { activation: name, depth: 1, width, sigma: 1, sigma0: 1, temperature: T },
      X: data.X,
      y: data.y,
      test: { X: data.test.X },
    },
    { pairs, first: first || 0, stepSize: STEP, readAt: [0, ...at], frozenAt: 0, rng: createRandom(3), linalg },
  );
  const { mean, stderr } = pairStatistics(run.relearned, run.points);
  [0, ...at].forEach((_, i) => {
    for (let x = P; x < n; x++) {
      const k = i * n + x;
      console.log(
        `t=${run.times[i]} x=${x} N*(mean-theory) = ${(width * (mean.data[k] - theory.test[x - P])).toFixed(3)} ± ${(width * stderr.data[k]).toFixed(3)}  ridge ${out[x].ridge.toFixed(3)} total ${out[x].total.toFixed(3)}`,
      );
    }
  });
}
