import type { JsonObject, Matrix, RunView } from '@ggdln/core';
import { type GateReport, gateReport } from '@ggdln/gating';
import { specValue } from './run.ts';

/** A gate of the plane: open where x₁ cos φ + x₂ sin φ > b. */
export interface HalfPlane {
  /** φ in degrees. */
  readonly angle: number;
  readonly threshold: number;
}

/** Gates of one layer as half-planes. */
export interface HalfPlanes {
  readonly planes: readonly HalfPlane[];
  /** Columns of Φ before the first half-plane: 1 with an always-on gate. */
  readonly offset: number;
  /** Whether they are options of the experiment, to be dragged. */
  readonly editable: boolean;
}

const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'number' && Number.isFinite(one));

/** The half-planes of a layer, if its gating is made of them and inputs are points of a plane. */
export function halfPlanesOf(view: RunView, layer: number): HalfPlanes | undefined {
  const { problem } = view;
  const state: JsonObject | undefined = problem?.gatingStates[layer];
  if (!problem || !state || problem.trainX.cols !== 2) return undefined;
  const offset = state.alwaysOn === true ? 1 : 0;
  const { angles, thresholds } = state;
  if (isNumbers(angles) && isNumbers(thresholds) && angles.length === thresholds.length) {
    const editable =
      isNumbers(specValue(view, 'gating.angles')) || specValue(view, 'gating.use') === 'drawn-half-spaces';
    return { planes: angles.map((angle, m) => ({ angle, threshold: thresholds[m] })), offset, editable };
  }
  const planes = fromNormals(state);
  return planes ? { planes, offset, editable: false } : undefined;
}

/** Half-spaces by normals V, mean and threshold: V·(x − mean)/√2 > b. */
function fromNormals({ V, mean, threshold }: JsonObject): HalfPlane[] | undefined {
  if (!Array.isArray(V) || !isNumbers(mean) || typeof threshold !== 'number') return undefined;
  const planes: HalfPlane[] = [];
  for (const normal of V) {
    if (!isNumbers(normal) || normal.length !== 2) return undefined;
    const length = Math.hypot(normal[0], normal[1]);
    if (length === 0) return undefined;
    const shift = normal[0] * mean[0] + normal[1] * mean[1];
    planes.push({
      angle: (Math.atan2(normal[1], normal[0]) * 180) / Math.PI,
      threshold: (threshold * Math.SQRT2 + shift) / length,
    });
  }
  return planes;
}

/** Weights of each gate on the inputs, where the gating has any; aligned with the columns of Φ. */
export function gateWeights(
  state: JsonObject | undefined,
  inputs: number,
  gates: number,
): (readonly number[] | undefined)[] {
  const found = ['V', 'centroids', 'centres', 'directions'].map((key) => state?.[key]).find(Array.isArray);
  const rows = (found ?? []).filter((row): row is number[] => isNumbers(row) && row.length === inputs);
  const before = gates - rows.length;
  return Array.from({ length: gates }, (_, m) => (before >= 0 ? rows[m - before] : undefined));
}

const reports = new WeakMap<Matrix, GateReport>();

/** What the gates of a layer do to the training inputs; kept with the gates. */
export function reportOf(view: RunView, layer: number): GateReport | undefined {
  const { problem } = view;
  const values = problem?.trainGates[layer];
  if (!problem || !values || values.rows === 0) return undefined;
  const known = reports.get(values);
  if (known) return known;
  const names = problem.gateNames[layer] ?? Array.from({ length: values.cols }, (_, m) => `gate ${m + 1}`);
  const report = gateReport({ values, names });
  reports.set(values, report);
  return report;
}

/** Layers whose gates differ from those of the layer above, top first: what has a tab. */
export function gatedLayers({ problem }: RunView): number[] {
  if (!problem) return [];
  const same = (a: Matrix, b: Matrix) =>
    a.rows === b.rows && a.cols === b.cols && a.data.every((value, i) => value === b.data[i]);
  return problem.trainGates.flatMap((gates, layer) =>
    layer > 0 && same(gates, problem.trainGates[layer - 1]) ? [] : [layer],
  );
}

/** ΦᵀΦ/P: the share of inputs at which two gates are open together. */
export function gateCoincidence({ rows, cols, data }: Matrix): Matrix {
  const out = new Float64Array(cols * cols);
  for (let i = 0; i < rows; i++) {
    for (let a = 0; a < cols; a++) {
      for (let b = 0; b < cols; b++) out[a * cols + b] += (data[i * cols + a] * data[i * cols + b]) / rows;
    }
  }
  return { rows: cols, cols, data: out };
}

/** Which inputs lie on the open side of every plane; all of them where there is none. */
export function openTogether({ rows, data }: Matrix, planes: readonly HalfPlane[]): boolean[] {
  const sides = planes.map(({ angle, threshold }) => {
    const radians = (angle * Math.PI) / 180;
    return { cos: Math.cos(radians), sin: Math.sin(radians), threshold };
  });
  return Array.from({ length: rows }, (_, i) =>
    sides.every(({ cos, sin, threshold }) => data[2 * i] * cos + data[2 * i + 1] * sin > threshold),
  );
}

/** Share of inputs on the open side of every plane. */
export function openShare(X: Matrix, planes: readonly HalfPlane[]): number {
  return openTogether(X, planes).filter(Boolean).length / Math.max(1, X.rows);
}

/** An angle between −180 and 180, to a tenth of a degree. */
export function tidyAngle(angle: number): number {
  const turned = ((((angle + 180) % 360) + 360) % 360) - 180;
  return Math.round(turned * 10) / 10 + 0;
}

/** A threshold to a thousandth. */
export const tidyThreshold = (threshold: number): number => Math.round(threshold * 1000) / 1000 + 0;
