import { createMlMatrixBackend, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  createGdln,
  type GdlnGraph,
  gdlnForward,
  gdlnPaths,
  relabelledClasses,
  rotationAngles,
  routingGate,
  semanticItems,
} from '../../src/gdln/index.ts';
import { example, graph } from './networks.ts';

const linalg = createMlMatrixBackend();

describe('a graph is refused', () => {
  const changed = (parts: Partial<GdlnGraph>) => () => createGdln({ ...graph, ...parts });
  const withEdge = (source: string, target: string, id = 'new') =>
    changed({ edges: [...graph.edges, { id, source, target }] });

  it('with a cycle, naming the nodes on it', () => {
    expect(withEdge('y', 'b')).toThrow(/there is a cycle: (y → b → y|b → y → b)\. Edges must not lead back/);
    expect(withEdge('a', 'a')).toThrow('there is a cycle: a → a');
  });

  it('with names taken twice or unknown, edges into inputs, or widths that are none', () => {
    expect(withEdge('a', 'b', 'ab')).toThrow('two edges are called ab');
    expect(withEdge('a', 'c')).toThrow('edge new names the node c. Known are y, x1, a, x2, b, z');
    expect(withEdge('a', 'x1')).toThrow('edge new goes into the input x1');
    expect(changed({ nodes: [...graph.nodes, { id: 'q', width: 0, role: 'hidden' }] })).toThrow('node q has width 0');
    expect(changed({ nodes: [...graph.nodes, graph.nodes[0]] })).toThrow('two nodes are called y');
  });

  it('with outputs that no input reaches, or none at all', () => {
    expect(changed({ nodes: [...graph.nodes, { id: 'q', width: 1, role: 'output' }] })).toThrow(
      'no input reaches the output q',
    );
    expect(() => createGdln({ nodes: [{ id: 'x', width: 1, role: 'input' }], edges: [] })).toThrow(
      'there is no output',
    );
  });
});

describe('data are refused', () => {
  const { gdln, weights, data } = example();
  const forward =
    (parts: object, others = weights) =>
    () =>
      gdlnForward(gdln, others, { ...data, ...parts }, linalg);

  it('with gates of another length, with NaN, or of nothing', () => {
    expect(forward({ nodeGates: { a: [1] } })).toThrow('nodeGates.a has 1 gates. Give 9');
    expect(forward({ edgeGates: { ab: new Array(9).fill(Number.NaN) } })).toThrow('edgeGates.ab is NaN on sample 0');
    expect(forward({ edgeGates: { q: [] } })).toThrow('edgeGates has q. Known are x1a');
  });

  it('with inputs, targets or weights that are absent or of another shape', () => {
    expect(forward({ inputs: { x1: data.inputs.x1 } })).toThrow('inputs.x2 is absent. Give it, P × 2');
    expect(forward({ targets: { ...data.targets, z: matrix(9, 2) } })).toThrow('targets.z is 9 × 2');
    expect(forward({}, { ...weights, ab: matrix(2, 2) })).toThrow('the weights of edge ab (a to b) is 2 × 2');
    const { ab: _, ...rest } = weights;
    expect(forward({}, rest)).toThrow('the weights of edge ab are absent. Give 3 × 4 numbers');
  });
});

describe('paths', () => {
  it('are sequences of edges, and are refused above a limit', () => {
    const found = gdlnPaths(createGdln(graph)).map((path) => path.join(' '));
    expect(found).toHaveLength(new Set(found).size);
    // To y: x1 by a, by b, and by a and b on either parallel edge; x2 by b. Each again to z.
    expect(found).toHaveLength(10);
    expect(found).toContain('x1a ab2 by yz');
    expect(() => gdlnPaths(createGdln(graph), 9)).toThrow('more than 9 paths');
  });

  it('are not looked for in dead ends, of which there may be exponentially many', () => {
    const dead = Array.from({ length: 60 }, (_, i) => `d${i}`);
    const nodes = dead.map((id) => ({ id, width: 1, role: 'hidden' as const }));
    const edges = dead.flatMap((target, i) =>
      [0, 1].map((k) => ({ id: `${target}/${k}`, source: i === 0 ? 'a' : dead[i - 1], target })),
    );
    const wider = createGdln({ nodes: [...graph.nodes, ...nodes], edges: [...graph.edges, ...edges] });
    expect(gdlnPaths(wider)).toHaveLength(10);
  });
});

describe('routing tasks', () => {
  it('train k partners of every input and output domain', () => {
    const permutation = [3, 1, 4, 0, 2, 5];
    for (const mode of ['3_plus_mod', '4_plus_minus_mod', '2_plus_mod_permute', '9_plus_mod']) {
      const gate = routingGate(6, mode, { permutation });
      const k = Math.min(Number(mode[0]), 6);
      for (let a = 0; a < 6; a++) {
        const [row, column] = [0, 1].map((way) =>
          Array.from({ length: 6 }, (_, b) => gate.data[way ? b * 6 + a : a * 6 + b]).reduce((x, y) => x + y),
        );
        expect([row, column]).toEqual([k, k]);
      }
    }
  });

  it('relabel by inverse permutations, all different, with the identity first', () => {
    const all = Array.from({ length: 24 }, (_, domain) => relabelledClasses(domain, 4));
    expect(all[0]).toEqual([0, 1, 2, 3]);
    expect(new Set(all.map((labels) => labels.join())).size).toBe(24);
    // The permutation 0 3 1 2 is the fifth; class 3 is its second entry.
    expect(all[4]).toEqual([0, 2, 3, 1]);
  });

  it('have the singular values of their amplitudes', () => {
    const s = linalg.svd(semanticItems({ shared: 2, group: 1, item: 0.5 })).s;
    [Math.sqrt(16 + 2 + 0.25), Math.sqrt(2.25), 0.5, 0.5].forEach((value, i) => {
      expect(s[i]).toBeCloseTo(value, 13);
    });
    expect(rotationAngles(3)).toEqual([0, 90, 180]);
  });

  it('refuse modes that mean nothing', () => {
    expect(() => routingGate(5, 'one_plus_mod')).toThrow('the mode is one_plus_mod. Modes are fully_connected');
    expect(() => routingGate(5, 'mod')).toThrow('mode mod has undefined classes');
    expect(() => routingGate(0, 'mod')).toThrow('there are 0 domains');
    expect(() => routingGate(3, '2_plus_mod_permute', { permutation: [0, 0, 1] })).toThrow(
      'the permutation is [0, 0, 1]',
    );
    expect(() => relabelledClasses(24, 4)).toThrow('the domain is 24. Give 0 to 23');
    expect(() => relabelledClasses(0, 0)).toThrow('there are 0 classes');
  });
});
