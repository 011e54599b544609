import { createTable, type Row, type SourceRole, type Table } from '@ggdln/core';
import type { SweepFigureOptions } from '../src/index.ts';

type Numbers = readonly (readonly [x: number, bias: number, variance: number])[];
type Sampled = readonly (readonly [
  x: number,
  bias: number,
  biasError: number,
  variance: number,
  varianceError: number,
])[];

/** Shaped like a real sweep: theory at 25 widths, those of the simulations among them. */
const theory: Numbers = [
  [10, 0.97175, 0.081623],
  [13, 0.95414, 0.076198],
  [18, 0.93187, 0.069908],
  [24, 0.91201, 0.064822],
  [30, 0.89664, 0.061206],
  [42, 0.87381, 0.056305],
  [56, 0.85489, 0.052632],
  [75, 0.83654, 0.049373],
  [100, 0.81959, 0.046601],
  [133, 0.80411, 0.044254],
  [178, 0.78987, 0.042234],
  [237, 0.77755, 0.040585],
  [300, 0.76869, 0.039451],
  [422, 0.75787, 0.03812],
  [562, 0.7505, 0.037245],
  [750, 0.74448, 0.036549],
  [1000, 0.7397, 0.036007],
  [1334, 0.73593, 0.035585],
  [1778, 0.73301, 0.035262],
  [2371, 0.73074, 0.035014],
  [3162, 0.72901, 0.034825],
  [4217, 0.72768, 0.034681],
  [5623, 0.72668, 0.034573],
  [7499, 0.72592, 0.034491],
  [10000, 0.72534, 0.034429],
];

const sampled: Sampled = [
  [10, 0.97295, 0.0018279, 0.096523, 0.00048244],
  [30, 0.89329, 0.00085824, 0.06917, 0.00012778],
  [100, 0.81598, 0.00036133, 0.050021, 6.3558e-5],
  [300, 0.76706, 0.00023813, 0.040839, 2.8047e-5],
  [1000, 0.73948, 0.0001328, 0.036502, 1.1261e-5],
];

const langevin: Sampled = [
  [100, 0.8211, 0.0021, 0.0496, 0.0003],
  [1000, 0.7391, 0.0012, 0.0368, 0.0002],
];

const gradientDescent = [
  [10, 1.014],
  [30, 0.905],
  [100, 0.784],
  [300, 0.664],
  [1000, 0.529],
] as const;

function row(role: SourceRole, source: string, x: number | null, metric: string, value: number, stderr?: number): Row {
  return { 'architecture.width': x, source, role, metric, value, stderr: stderr ?? null };
}

/** Results of a width sweep in the shape that experiments write. */
export function sampleTable(): Table {
  const rows = theory.flatMap(([x, bias, variance]) => [
    row('theory', 'ggdln', x, 'bias', bias),
    row('theory', 'ggdln', x, 'variance', variance),
    row('infinite-width', 'infinite-width', x, 'bias', 0.7236),
    row('infinite-width', 'infinite-width', x, 'variance', 0.03424),
  ]);
  for (const [role, source, points] of [
    ['exact-sampling', 'block-gibbs', sampled],
    ['langevin', 'langevin', langevin],
  ] as const) {
    for (const [x, bias, biasError, variance, varianceError] of points) {
      rows.push(
        row(role, source, x, 'bias', bias, biasError),
        row(role, source, x, 'variance', variance, varianceError),
      );
    }
  }
  for (const [x, bias] of gradientDescent) rows.push(row('gradient-descent', 'gradient-descent', x, 'bias', bias));
  return createTable(rows);
}

export const sampleOptions: SweepFigureOptions = {
  title: 'Bias and variance against width',
  subtitle: 'Odd against even digits of MNIST, P = 100, 7 × 7 pixels; six half-space gates and one always on',
  x: { column: 'architecture.width', label: 'hidden width N', scale: 'log' },
  frames: [
    { metric: 'bias', title: 'Bias', note: 'targets ±1', label: 'squared error of the mean output' },
    { metric: 'variance', title: 'Variance', note: 'of the output', label: 'posterior variance of f' },
  ],
  footer: 'mnist-width · seed 11 · ggdln 0.1.0 · float64, wasm · sampling 2 chains × 1\u2009500 sweeps',
  spec: { experiment: 'mnist-width', seed: 11, sigma: 1, 'text with <, & and "': ['−', '10⁻³', true, null] },
};
