import { createRandom, type Matrix } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { createGdln, type Gdln, type GdlnData, type GdlnGraph, type GdlnWeights } from '../../src/gdln/index.ts';

/** Two inputs, parallel edges, a skip connection, and an output that is read again. */
export const graph: GdlnGraph = {
  nodes: [
    { id: 'y', width: 2, role: 'output' },
    { id: 'x1', width: 3, role: 'input' },
    { id: 'a', width: 4, role: 'hidden' },
    { id: 'x2', width: 2, role: 'input' },
    { id: 'b', width: 3, role: 'hidden' },
    { id: 'z', width: 1, role: 'output' },
  ],
  edges: [
    { id: 'x1a', source: 'x1', target: 'a' },
    { id: 'x1b', source: 'x1', target: 'b' },
    { id: 'x2b', source: 'x2', target: 'b' },
    { id: 'ab', source: 'a', target: 'b' },
    { id: 'ab2', source: 'a', target: 'b' },
    { id: 'by', source: 'b', target: 'y' },
    { id: 'ay', source: 'a', target: 'y' },
    { id: 'yz', source: 'y', target: 'z' },
  ],
};

/** Random weights and data for it; gates take a few values, so that patterns repeat. */
export function example(
  seed = 1,
  samples = 9,
): { gdln: Gdln; weights: GdlnWeights; data: GdlnData; draw: (rows: number, cols: number) => Matrix } {
  const rng = createRandom(seed).stream('gdln');
  const draw = (rows: number, cols: number): Matrix =>
    matrix(rows, cols, rng.fillGaussian(new Float64Array(rows * cols), 0.6));
  const gdln = createGdln(graph);
  const weights: GdlnWeights = Object.fromEntries(
    graph.edges.map(({ id, source, target }) => [id, draw(gdln.node(target).width, gdln.node(source).width)]),
  );
  const patterns = (k: number) => Array.from({ length: samples }, (_, p) => [1, 0, 0.5, -1][((p % 3) * k + k) % 4]);
  const data: GdlnData = {
    inputs: { x1: draw(samples, 3), x2: draw(samples, 2) },
    targets: { y: draw(samples, 2), z: draw(samples, 1) },
    nodeGates: { a: patterns(1), x2: patterns(2), y: patterns(3).map((gate) => gate || 1) },
    edgeGates: { ab: patterns(3), ay: patterns(1), yz: patterns(2).map((gate) => gate + 1) },
  };
  return { gdln, weights, data, draw };
}
