import { createRandom } from '@ggdln/core';
import { add, createMlMatrixBackend, identity, inner, type Matrix, matrix, maxAbs } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  centreGdlnTargets,
  chainGraph,
  createGdln,
  decoupledGdlnWeights,
  descendGdln,
  diamondGraph,
  type GdlnWeights,
  gdlnForward,
  gdlnGradient,
  gdlnGradientByContexts,
  gdlnPathStrengths,
  gdlnPaths,
  gdlnSingularValues,
  gdlnStableRate,
  gdlnStateFromJson,
  gdlnStateToJson,
  gdlnStatistics,
  randomGdlnWeights,
  randomOrthogonal,
  routingGate,
  routingGraph,
  routingSamples,
  semanticItems,
  xorNetwork,
} from '../../src/gdln/index.ts';

const linalg = createMlMatrixBackend();
const rng = createRandom(3).stream('builders');
const apart = (a: Matrix, b: Matrix) => maxAbs(add(a, b, 1, -1));

describe('builders', () => {
  it('make chains, diamonds and routing networks, with their paths, that survive JSON', () => {
    const paths = (graph: object) =>
      gdlnPaths(createGdln(JSON.parse(JSON.stringify(graph)))).map((path) => path.join(' '));
    expect(paths(chainGraph([3, 4, 5, 2]))).toEqual(['W1 W2 W3']);
    expect(paths(diamondGraph({ inputs: 2, hidden: [3, 1], outputs: 1 }))).toEqual(['in1 out1', 'in2 out2']);
    const sizes = { domains: 2, inputs: 3, hidden: 4, outputs: 5 };
    expect(paths(routingGraph({ ...sizes, privatePairs: [[0, 1]] }))).toEqual([
      'encoder0 shared decoder0',
      'encoder0 shared decoder1',
      'p0-1/encoder p0-1/hidden p0-1/decoder',
      'encoder1 shared decoder0',
      'encoder1 shared decoder1',
    ]);
    expect(() => chainGraph([3])).toThrow('a chain has the widths [3]');
  });

  it('show a routing network every item of every trained pair, with only that pair open', () => {
    const target = semanticItems();
    const gate = routingGate(3, '2_plus_mod');
    const gdln = createGdln(routingGraph({ domains: 3, inputs: 4, hidden: 5, outputs: 7 }));
    const data = routingSamples(target, gate);
    const weights = randomGdlnWeights(gdln, { scale: 0.5 }, rng, linalg);
    // ½⟨…⟩ over samples is Σ_pairs ½‖T − W3 W2 W1‖² over the number of samples.
    let total = 0;
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 3; b++) {
        const lower = linalg.gemm(weights.shared, weights[`encoder${a}`]);
        const error = add(target, linalg.gemm(weights[`decoder${b}`], lower), 1, -1);
        if (gate.data[a * 3 + b] === 1) total += inner(error, error) / 2;
      }
    }
    expect(gdlnGradient(gdln, weights, data, linalg).loss).toBeCloseTo(total / (6 * 4), 12);
    expect(() => routingSamples(target, matrix(2, 2))).toThrow('the gate has no trained pair');
    expect(() => routingSamples(target, identity(2, 0.5))).toThrow('the gate has an entry 0.5');
    expect(() => routingSamples(target, matrix(2, 3))).toThrow('gate (M × M) is 2 × 3');
  });

  it('make XOR learnable by either gating, the half-planes first', () => {
    const times = (['examples', 'half-planes'] as const).map((gating) => {
      const { graph, data } = xorNetwork(gating);
      const gdln = createGdln(graph);
      const statistics = gdlnStatistics(gdln, data, linalg);
      const start = randomGdlnWeights(gdln, { scale: 0.05 }, rng, linalg);
      const run = { rate: 0.05, steps: Array.from({ length: 100 }, (_, i) => 10 * i) };
      const course = descendGdln(start, (at) => gdlnGradientByContexts(gdln, at, statistics, linalg), run);
      expect(course[99].loss).toBeLessThan(1e-6);
      return course.find(({ loss }) => loss < 0.25)?.step ?? Number.POSITIVE_INFINITY;
    });
    expect(times[1]).toBeLessThan(times[0]);
  });
});

describe('starts', () => {
  it('are uniform orthogonal matrices or normals of the scale', () => {
    for (const [rows, cols] of [
      [5, 3],
      [3, 5],
      [4, 4],
    ]) {
      const Q = randomOrthogonal(rows, cols, 2, rng, linalg);
      const small = linalg.syrk(Q, { trans: rows >= cols });
      expect(apart(small, identity(Math.min(rows, cols), 4))).toBeLessThan(1e-13);
    }
    // Both signs of a determinant, and a mean of 0: QR alone would fix the signs.
    const corners = Array.from({ length: 400 }, (_, k) => randomOrthogonal(2, 2, 1, rng.stream(k), linalg).data[0]);
    const mean = corners.reduce((sum, value) => sum + value, 0) / 400;
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(0.5 / 400));
    const gdln = createGdln(chainGraph([200, 300]));
    const { W1 } = randomGdlnWeights(gdln, { scale: 3, kind: 'gaussian' }, rng, linalg);
    expect(inner(W1, W1) / 300).toBeGreaterThan(9 * 0.95);
    expect(inner(W1, W1) / 300).toBeLessThan(9 * 1.05);
    expect(() => randomGdlnWeights(gdln, { scale: 0 }, rng, linalg)).toThrow('nothing moves away from weights of 0');
  });

  it('that are decoupled have the strengths asked for along every path', () => {
    const gdln = createGdln(diamondGraph({ inputs: 3, hidden: [4, 5], outputs: 3 }));
    const bases = { x: randomOrthogonal(3, 3, 1, rng, linalg), y: randomOrthogonal(3, 3, 1, rng.stream('y'), linalg) };
    const strengths = { in1: 0.1, out1: [1, 2, 3], in2: 0.5, out2: -0.2 };
    const weights = decoupledGdlnWeights(gdln, bases, strengths, rng, linalg);
    const [first, second] = gdlnPathStrengths(gdln, gdlnPaths(gdln), weights, bases, linalg);
    [0.1, 0.2, 0.3].forEach((value, k) => {
      expect(first[k]).toBeCloseTo(value, 14);
      expect(second[k]).toBeCloseTo(-0.1, 14);
    });
    expect(gdlnSingularValues(weights, linalg).out1[0]).toBeCloseTo(3, 13);
    const narrow = createGdln(diamondGraph({ inputs: 3, hidden: [2], outputs: 3 }));
    expect(() => decoupledGdlnWeights(narrow, bases, { in1: 1, out1: 1 }, rng, linalg)).toThrow(
      'node h1 has width 2 for 3 modes. Give it 3 units',
    );
    expect(() => decoupledGdlnWeights(gdln, { x: bases.x }, strengths, rng, linalg)).toThrow(
      'the basis of y is absent',
    );
    expect(() => decoupledGdlnWeights(gdln, bases, { in1: 1 }, rng, linalg)).toThrow('edge out1 has no strength');
  });

  it('that are centred start with the error of a network that says nothing, and learn like f − f0', () => {
    const { graph, data } = xorNetwork();
    const gdln = createGdln(graph);
    const start = randomGdlnWeights(gdln, { scale: 2 }, rng, linalg);
    const centred = centreGdlnTargets(gdln, start, data, linalg);
    expect(gdlnGradient(gdln, start, centred, linalg).loss).toBeCloseTo(0.5, 14);
    const [end] = descendGdln(start, (at) => gdlnGradient(gdln, at, centred, linalg), { rate: 0.05, steps: [3000] });
    const [before, after] = [start, end.weights].map((at) => gdlnForward(gdln, at, data, linalg).y);
    expect(apart(add(after, before, 1, -1), data.targets.y)).toBeLessThan(1e-6);
  });

  it('that are centred get lazy as the scale grows: weights move as 1/scale, outputs as those of the linear model', () => {
    const { graph, data } = xorNetwork();
    const gdln = createGdln(graph);
    const start = randomGdlnWeights(gdln, { scale: 1 }, rng, linalg);
    const run = (scale: number) => {
      const centred = centreGdlnTargets(gdln, start, data, linalg, scale);
      expect(scale ** 2 * gdlnGradient(gdln, start, centred, linalg).loss).toBeCloseTo(0.5, 6);
      const [end] = descendGdln(start, (at) => gdlnGradient(gdln, at, centred, linalg), { rate: 0.05, steps: [40] });
      const [before, after] = [start, end.weights].map((at) => gdlnForward(gdln, at, data, linalg).y);
      const moved = Object.keys(start).map((id) => apart(end.weights[id], start[id]));
      return { says: add(after, before, scale, -scale), moved: Math.max(...moved) };
    };
    const [far, near, limit] = [100, 1000, 1e6].map(run);
    const gaps = [far, near].map(({ says }) => apart(says, limit.says));
    expect(gaps[0] / gaps[1]).toBeGreaterThan(9);
    expect(gaps[0] / gaps[1]).toBeLessThan(11);
    expect(far.moved / near.moved).toBeGreaterThan(9.5);
    expect(far.moved / near.moved).toBeLessThan(10.5);
    expect(() => centreGdlnTargets(gdln, start, data, linalg, 0)).toThrow('the scale of the centred network is 0');
  });
});

describe('a run', () => {
  const { graph, data } = xorNetwork('half-planes');
  const gdln = createGdln(graph);
  const start = randomGdlnWeights(gdln, { scale: 1 }, rng, linalg);
  const at = (weights: GdlnWeights) => gdlnGradient(gdln, weights, data, linalg);

  it('goes on from a stored state with the same bits', () => {
    const straight = descendGdln(start, at, { rate: 0.1, steps: [7, 20, 50] });
    const stored = gdlnStateFromJson(JSON.parse(JSON.stringify(gdlnStateToJson(straight[0]))));
    const resumed = descendGdln(stored.weights, at, { rate: 0.1, steps: [20, 50], from: stored.step });
    expect(resumed).toEqual(straight.slice(1));
    expect(() => descendGdln(start, at, { rate: 0.1, steps: [3], from: 7 })).toThrow('step 3 comes after 7');
    expect(() => gdlnStateFromJson({ step: -1, loss: 0, weights: {} })).toThrow('the state has step -1');
    expect(() => gdlnStateFromJson({ step: 1, loss: 0 })).toThrow('there are no weights');
    expect(() => gdlnStateFromJson({ step: 1, loss: 0, weights: { a: 1 } })).toThrow('the weights of a are no rows');
  });

  it('stays where it converged below the stability limit, leaves above it, and says the limit', () => {
    const [end] = descendGdln(start, at, { rate: 0.1, steps: [5000] });
    const { limit } = gdlnStableRate(end.weights, at, linalg);
    const nudged = Object.fromEntries(
      Object.entries(end.weights).map(([id, W]) => [
        id,
        add(
          W,
          matrix(
            W.rows,
            W.cols,
            W.data.map(() => 1e-6),
          ),
        ),
      ]),
    );
    const loss = (rate: number) => descendGdln(nudged, at, { rate, steps: [400] })[0].loss;
    expect(loss(0.98 * limit)).toBeLessThan(1e-10);
    expect(loss(1.03 * limit)).toBeGreaterThan(1e-6);
    expect(() => descendGdln(start, at, { rate: 40, steps: [100] })).toThrow(
      /λ_max of its Hessian was [\d.]+: rates above 2\/λ_max = [\d.]+ run away. Lower the rate, e.g. to [\d.]+/,
    );
  });
});
