import { pathToFileURL } from 'node:url';
import { createMlp } from '@ggdln/architectures';
import { createRandom } from '@ggdln/core';
import { conflictingTasks } from '@ggdln/datasets';
import { descendTasks } from '@ggdln/learning';
import { chooseLinalg, matrix } from '@ggdln/linalg';
import { continualLimit } from '@ggdln/theory/continual';
import { erfActivation, reluActivation } from '@ggdln/theory/kernels';

const { backend: portable } = await chooseLinalg();
let linalg = portable;
try {
  const ob = await import('@ggdln/linalg-openblas');
  linalg = await (ob.createOpenblasBackend ?? ob.openblasBackend)();
} catch (e) {
  console.error('no openblas', e.message);
}
const [width, seeds, tolerance, momentum, first, steps] = process.argv.slice(2).map(Number);
const sizes = { tasks: 5, inputs: 30, trainSize: 50, testSize: 50 };
const data = await conflictingTasks(
  { ...sizes, flipped: 0.4, inputNoise: 0.3 },
  createRandom(1).stream('flipped labels'),
);
const tasks = Array.from({ length: 5 }, (_, t) => {
  const rows = Array.from({ length: data.train.X.rows }, (_, i) => i).filter((i) => data.train.tasks[i] === t);
  const X = matrix(rows.length, 30);
  rows.forEach((r, i) => X.data.set(data.train.X.data.subarray(r * 30, r * 30 + 30), i * 30));
  return { X, y: Float64Array.from(rows, (r) => data.train.Y.data[r]) };
});
const limit = await continualLimit(
  { network: { activation: process.env.ACT === 'erf' ? erfActivation : reluActivation, depth: 1 }, tasks },
  { sigma2: 1, mode: 'gradient' },
  { linalg },
);
const ones = (n) => matrix(n, 1, new Float64Array(n).fill(1));
const seq = tasks.map(({ X, y }) => ({ inputs: { X, gates: [ones(X.rows)] }, y }));
const arch = createMlp({ activation: process.env.ACT ?? 'relu', depth: 1, width, sigma: 1 });
const runs = [];
for (let k = 0; k < seeds; k++) {
  const rng = createRandom(1)
    .stream('descent')
    .stream('ReLU')
    .stream((first || 0) + k);
  const r = await descendTasks(
    { architecture: arch, tasks: seq },
    { rng, linalg, tolerance, ...(Number.isFinite(momentum) ? { momentum } : {}), ...(steps ? { steps } : {}) },
  );
  runs.push(Array.from(r.train.flatMap(({ data }) => [...data])));
}
const theory = limit.mean.flatMap(({ data }) => [...data]);
const size = Math.sqrt(theory.reduce((s, v) => s + v * v, 0));
let off = 0,
  noise = 0,
  dev = 0;
theory.forEach((th, i) => {
  const m = runs.reduce((s, r) => s + r[i], 0) / seeds;
  const v = runs.reduce((s, r) => s + (r[i] - m) ** 2, 0) / (seeds - 1) / seeds;
  off += (m - th) ** 2;
  noise += v;
});
for (const r of runs) dev += Math.sqrt(r.reduce((s, v, i) => s + (v - theory[i]) ** 2, 0)) / size / seeds;
const bias2 = off - noise;
console.log(
  JSON.stringify({
    width,
    seeds,
    tolerance,
    momentum,
    score: Math.sqrt(off / noise),
    dev,
    bias: (Math.sign(bias2) * Math.sqrt(Math.abs(bias2))) / size,
    offRel: Math.sqrt(off) / size,
    noiseRel: Math.sqrt(noise) / size,
    perNetScatter: Math.sqrt(noise * seeds) / size,
  }),
);
if (process.env.DUMP) {
  const { writeFileSync } = await import('node:fs');
  writeFileSync(process.env.DUMP, JSON.stringify({ runs, theory }));
}
