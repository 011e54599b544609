import {
  createGdln,
  decoupledGdlnWeights,
  descendGdln,
  gdlnGradient,
  gdlnGradientByContexts,
  gdlnPathStatistics,
  gdlnPathStrengths,
  gdlnPaths,
  gdlnStatistics,
  routingGate,
  routingGraph,
  routingSamples,
  semanticItems,
} from '@ggdln/architectures/gdln';
import { createRandom } from '@ggdln/core';
import { add, createMlMatrixBackend, maxAbs } from '@ggdln/linalg';
import { raceModes, routingRace, scalarRace, trainRoutingNetwork } from '@ggdln/theory/race';
import { describe, expect, it } from 'vitest';

const linalg = createMlMatrixBackend();
const [M, K, hidden] = [3, 2, 6];
const target = semanticItems();
const gate = routingGate(M, `${K}_plus_mod`);
const gdln = createGdln(routingGraph({ domains: M, inputs: 4, hidden, outputs: 7 }));
const data = routingSamples(target, gate);
const paths = gdlnPaths(gdln);
const [group, ...others] = raceModes(gdlnPathStatistics(gdln, paths, data, linalg), linalg);
const b0 = 0.1;
const initial = Object.fromEntries(gdln.graph.edges.map(({ id }) => [id, b0]));
const samples = K * M * 4;

describe('the race of a routing network, asked for by graph and data', () => {
  it('has the singular values of the target, for trained paths alone', () => {
    expect(others).toEqual([]);
    expect(group.residual).toBeLessThan(1e-12);
    const { s } = linalg.svd(target);
    group.modes.slice(0, 4).forEach(({ paths: racing }, mode) => {
      racing.forEach(({ edges, s: strength }) => {
        const [a, b] = [Number(edges[0].slice(-1)), Number(edges[2].slice(-1))];
        const trained = gate.data[a * M + b];
        expect(Math.abs(strength)).toBeCloseTo((trained * s[mode]) / samples, 13);
      });
    });
  });

  it('follows the equations of routing networks once time is counted alike', () => {
    const times = [0, 20, 60, 120, 300];
    const states = scalarRace({ ...group.modes[0], initial }, times);
    // ½⟨…⟩ over K M N samples against a uniform law over M² pairs with sums over items.
    const scale = M ** 2 / samples;
    const expected = routingRace(
      { domains: M, trainedPerDomain: K, s: Math.sqrt(185) },
      [b0, b0, b0],
      times.map((time) => time * scale),
    );
    states.forEach(({ edges }, i) => {
      expect(edges.encoder0).toBeCloseTo(expected[i][0], 9);
      expect(edges.shared).toBeCloseTo(expected[i][1], 9);
      expect(edges.decoder2).toBeCloseTo(expected[i][2], 9);
    });
  });

  it('is what descent on the whole network does, step by step, and what gradient flow does at small steps', () => {
    const start = decoupledGdlnWeights(gdln, group.bases, initial, createRandom(1), linalg);
    const statistics = gdlnStatistics(gdln, data, linalg);
    const times = [0, 20, 40, 60];
    const gap = (rate: number) => {
      const course = descendGdln(start, (at) => gdlnGradientByContexts(gdln, at, statistics, linalg), {
        rate,
        steps: times.map((time) => Math.round(time / rate)),
      });
      const gaps = [0, 1, 2].flatMap((mode) => {
        const theory = scalarRace({ ...group.modes[mode], initial }, times);
        return course.flatMap(({ weights }, i) => {
          const strengths = gdlnPathStrengths(gdln, paths, weights, group.bases, linalg);
          return group.modes[mode].indices.map((p, k) => Math.abs(strengths[p][mode] - theory[i].paths[k]));
        });
      });
      return Math.max(...gaps);
    };
    const [coarse, fine] = [gap(0.08), gap(0.04)];
    expect(fine).toBeLessThan(0.2);
    expect(coarse / fine).toBeGreaterThan(1.7);
    expect(coarse / fine).toBeLessThan(2.4);
  });

  it('is trained alike as a graph and as a routing network', () => {
    const start = decoupledGdlnWeights(gdln, group.bases, initial, createRandom(2), linalg);
    const kappa = 1 / 28;
    const [rate, epochs] = [0.05, [0, 30, 200]];
    const each = (name: string) => Array.from({ length: M }, (_, d) => start[`${name}${d}`]);
    const network = { target, gate, W1: each('encoder'), W2: start.shared, W3: each('decoder') };
    const states = trainRoutingNetwork(network, { rate, kappa, epochs }, linalg);
    // κ Σ ‖·‖² is 2 κ samples times the graph's loss.
    const course = descendGdln(start, (at) => gdlnGradient(gdln, at, data, linalg), {
      rate: rate * 2 * kappa * samples,
      steps: epochs,
    });
    course.forEach(({ loss, weights }, i) => {
      expect(loss * 2 * kappa * samples).toBeCloseTo(states[i].loss, 9);
      expect(maxAbs(add(weights.shared, states[i].shared, 1, -1))).toBeLessThan(1e-10);
    });
  });
});
