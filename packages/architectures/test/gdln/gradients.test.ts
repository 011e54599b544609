import { add, createMlMatrixBackend, identity, inner, type Matrix, matrix, maxAbs } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  createGdln,
  descendGdln,
  type GdlnData,
  type GdlnWeights,
  gdlnConserved,
  gdlnForward,
  gdlnGradient,
  gdlnGradientByContexts,
  gdlnGradientByPaths,
  gdlnPathStatistics,
  gdlnPaths,
  gdlnStatistics,
} from '../../src/gdln/index.ts';
import { example, graph } from './networks.ts';

const linalg = createMlMatrixBackend();
const distance = (a: Matrix, b: Matrix) => maxAbs(add(a, b, 1, -1));
const apart = (a: GdlnWeights, b: GdlnWeights) => Math.max(...Object.keys(a).map((id) => distance(a[id], b[id])));

describe('the gradient', () => {
  const { gdln, weights, data } = example();
  const { loss, gradients } = gdlnGradient(gdln, weights, data, linalg);

  it('is that of the loss, by differences', () => {
    const step = 1e-5;
    for (const [id, gradient] of Object.entries(gradients)) {
      gradient.data.forEach((value, i) => {
        const lossAt = (sign: number) => {
          const moved = matrix(gradient.rows, gradient.cols, weights[id].data.slice());
          moved.data[i] += sign * step;
          return gdlnGradient(gdln, { ...weights, [id]: moved }, data, linalg).loss;
        };
        expect((lossAt(1) - lossAt(-1)) / (2 * step)).toBeCloseTo(value, 7);
      });
    }
  });

  it('is the same over samples, by gate patterns and by paths', () => {
    const statistics = gdlnStatistics(gdln, data, linalg);
    expect(statistics.contexts).toHaveLength(3);
    const byContexts = gdlnGradientByContexts(gdln, weights, statistics, linalg);
    const byPaths = gdlnGradientByPaths(gdln, weights, gdlnPathStatistics(gdln, gdlnPaths(gdln), data, linalg), linalg);
    for (const other of [byContexts, byPaths]) {
      expect(other.loss).toBeCloseTo(loss, 12);
      expect(apart(gradients, other.gradients)).toBeLessThan(1e-13);
    }
  });

  it('does not care for names or the order of nodes, edges and samples', () => {
    const turned = createGdln({ nodes: graph.nodes.toReversed(), edges: graph.edges.toReversed() });
    const other = gdlnGradient(turned, weights, data, linalg);
    expect(apart(gradients, other.gradients)).toBeLessThan(1e-14);
    const plain = createGdln(JSON.parse(JSON.stringify(graph)));
    expect(gdlnGradient(plain, weights, data, linalg)).toEqual({ loss, gradients });
  });

  it('balances at every hidden node: Σ_out WᵀG = Σ_in GWᵀ', () => {
    for (const { id, width } of graph.nodes.filter(({ role }) => role === 'hidden')) {
      let sum = matrix(width, width);
      for (const edge of gdln.outgoing(id)) {
        sum = add(sum, linalg.gemm(weights[edge.id], gradients[edge.id], { transA: true }));
      }
      for (const edge of gdln.incoming(id)) {
        sum = add(sum, linalg.gemm(gradients[edge.id], weights[edge.id], { transB: true }), 1, -1);
      }
      expect(maxAbs(sum)).toBeLessThan(1e-13);
    }
  });

  it('turns with the units of a hidden node', () => {
    const { draw } = example(2);
    const O = linalg.qr(draw(4, 4)).q;
    const turn = (all: GdlnWeights): GdlnWeights =>
      Object.fromEntries(
        graph.edges.map(({ id, source, target }) => {
          const below = source === 'a' ? linalg.gemm(all[id], O, { transB: true }) : all[id];
          return [id, target === 'a' ? linalg.gemm(O, below) : below];
        }),
      );
    const turned = gdlnGradient(gdln, turn(weights), data, linalg);
    expect(turned.loss).toBeCloseTo(loss, 12);
    expect(apart(turn(gradients), turned.gradients)).toBeLessThan(1e-13);
  });
});

describe('gates', () => {
  const { gdln, weights, data } = example(3);
  const { loss, gradients } = gdlnGradient(gdln, weights, data, linalg);

  it('of a node are those of all its incoming edges', () => {
    const gates = data.nodeGates?.a as number[];
    const { a: _, ...others } = data.nodeGates ?? {};
    const moved: GdlnData = { ...data, nodeGates: others, edgeGates: { ...data.edgeGates, x1a: gates } };
    expect(apart(gdlnGradient(gdln, weights, moved, linalg).gradients, gradients)).toBeLessThan(1e-15);
  });

  it('of an edge are those of a node put on it with a frozen identity', () => {
    const { ab, ...edgeGates } = data.edgeGates as Record<string, number[]>;
    const longer = createGdln({
      nodes: [...graph.nodes, { id: 'on ab', width: 4, role: 'hidden' }],
      edges: [
        ...graph.edges.filter(({ id }) => id !== 'ab'),
        { id: 'frozen', source: 'a', target: 'on ab' },
        { id: 'ab', source: 'on ab', target: 'b' },
      ],
    });
    const same = gdlnGradient(
      longer,
      { ...weights, frozen: identity(4) },
      { ...data, edgeGates, nodeGates: { ...data.nodeGates, 'on ab': ab } },
      linalg,
    );
    expect(same.loss).toBeCloseTo(loss, 13);
    const { frozen: _, ...trained } = same.gradients;
    expect(apart(gradients, trained)).toBeLessThan(1e-14);
  });

  it('that are all 1 or absent leave a linear network, and a closed output only its constant', () => {
    const chain = createGdln({
      nodes: [
        { id: 'x', width: 3, role: 'input' },
        { id: 'h', width: 4, role: 'hidden' },
        { id: 'y', width: 2, role: 'output' },
      ],
      edges: [
        { id: 'W1', source: 'x', target: 'h' },
        { id: 'W2', source: 'h', target: 'y' },
      ],
    });
    const { draw } = example(4);
    const layers = { W1: draw(4, 3), W2: draw(2, 4) };
    const samples = { inputs: { x: draw(5, 3) }, targets: { y: draw(5, 2) } };
    const open = { ...samples, nodeGates: { h: [1, 1, 1, 1, 1] } };
    const direct = linalg.gemm(samples.inputs.x, linalg.gemm(layers.W2, layers.W1), { transB: true });
    expect(distance(gdlnForward(chain, layers, samples, linalg).y, direct)).toBeLessThan(1e-14);
    expect(gdlnGradient(chain, layers, open, linalg)).toEqual(gdlnGradient(chain, layers, samples, linalg));
    const closed = gdlnGradient(chain, layers, { ...samples, nodeGates: { y: [0, 0, 0, 0, 0] } }, linalg);
    expect(closed.loss).toBeCloseTo(inner(samples.targets.y, samples.targets.y) / 10, 14);
    expect(maxAbs(closed.gradients.W1) + maxAbs(closed.gradients.W2)).toBe(0);
  });
});

describe('gradient descent', () => {
  it('keeps C at hidden nodes up to a drift proportional to the rate', () => {
    const { gdln, weights, data } = example(5);
    const statistics = gdlnStatistics(gdln, data, linalg);
    const start = gdlnConserved(gdln, weights, linalg);
    const [coarse, fine] = [1, 2].map((finer) => {
      const run = { rate: 0.01 / finer, steps: [200 * finer] };
      const [end] = descendGdln(weights, (at) => gdlnGradientByContexts(gdln, at, statistics, linalg), run);
      return distance(gdlnConserved(gdln, end.weights, linalg).a, start.a);
    });
    expect(coarse).toBeLessThan(0.05);
    expect(coarse / fine).toBeGreaterThan(1.9);
    expect(coarse / fine).toBeLessThan(2.1);
  });

  it('says that a rate is too large', () => {
    const { gdln, weights, data } = example(6);
    const at = (now: GdlnWeights) => gdlnGradient(gdln, now, data, linalg);
    expect(() => descendGdln(weights, at, { rate: 30, steps: [50] })).toThrow(/the loss grew from .* of rate 30/);
    expect(() => descendGdln(weights, at, { rate: Number.NaN, steps: [1] })).toThrow('the rate is NaN');
  });
});
