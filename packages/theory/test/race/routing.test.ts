import { matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  type RacePath,
  routingClosedForm,
  routingLoss,
  routingRace,
  routingRecursion,
  scalarRace,
  sharedRouteSpeedUp,
} from '../../src/race/index.ts';

const mode = (domains: number, trainedPerDomain: number, s = 3) => ({ domains, trainedPerDomain, s });

/** A routing network as a graph of paths: K partners of each domain in a ring, and private routes where asked. */
function graphOf(M: number, K: number, s: number, b0: number, withPrivate: boolean) {
  const pairs = Array.from({ length: M * K }, (_, i) => [i % M, (i + Math.floor(i / M)) % M]);
  const ways = pairs.flatMap(([a, b]) => {
    const shared = [`in ${a}`, 'shared', `out ${b}`];
    return withPrivate ? [shared, ['1', '2', '3'].map((layer) => `${a} to ${b}, ${layer}`)] : [shared];
  });
  const each = ways.length / pairs.length;
  const D = matrix(ways.length, ways.length);
  ways.forEach((_, p) => {
    for (let j = 0; j < ways.length; j++) {
      if (Math.floor(j / each) === Math.floor(p / each)) D.data[j * ways.length + p] = 1 / M ** 2;
    }
  });
  const paths: RacePath[] = ways.map((edges, p) => ({
    edges,
    output: `${pairs[Math.floor(p / each)][1]}`,
    s: s / M ** 2,
  }));
  return { paths, D, initial: Object.fromEntries(ways.flat().map((edge) => [edge, b0])) };
}

describe('the race of a routing network', () => {
  it.each([
    [7, 4, 3, 0.08],
    [3, 2, 6.4, 0.2],
    [1, 1, 2, 0.1],
    [20, 5, 1, 0.5],
  ])('is the same integrated and in closed form (M %i, K %i, s %f, b0 %f)', (M, K, s, b0) => {
    const closed = routingClosedForm(mode(M, K, s), b0);
    const end = closed.timeOf(closed.end * 0.999);
    const times = Array.from({ length: 15 }, (_, i) => (i * end) / 12);
    const course = routingRace(mode(M, K, s), [b0, b0, b0], times);
    times.forEach((t, i) => {
      const b2 = closed.strengthAt(t);
      expect(b2).toBeCloseTo(course[i][1], 9);
      expect(closed.outerStrength(b2)).toBeCloseTo(course[i][0], 9);
      if (i > 0 && i < 12) expect(closed.timeOf(b2) / t).toBeCloseTo(1, 9);
    });
    expect(closed.strengthAt(end * 1e3)).toBeCloseTo(closed.end, 12);
    expect(closed.end * closed.outerStrength(closed.end) ** 2).toBeCloseTo(s, 12);
  });

  it('has 0.8492 at t = 20, where the printed hyperbolic equation gives 0.8531', () => {
    expect(routingRace(mode(7, 4), [0.08, 0.08, 0.08], [0, 20])[1][1]).toBeCloseTo(0.8492, 4);
  });

  it('keeps b2² − M b1² and b1² − b3² from any start', () => {
    const course = routingRace(mode(4, 2, 3.1), [0.2, 0.11, 0.31], [0, 2, 4, 8, 16]);
    for (const [b1, b2, b3] of course) {
      expect(b2 ** 2 - 4 * b1 ** 2).toBeCloseTo(0.11 ** 2 - 4 * 0.2 ** 2, 10);
      expect(b1 ** 2 - b3 ** 2).toBeCloseTo(0.2 ** 2 - 0.31 ** 2, 10);
    }
  });

  it.each([
    [7, 4, 3.9996, 4.0253],
    [7, 7, 33.137 / 14.499, 33.137 / 14.492],
    [20, 5, 33.137 / 16.219, 33.137 / 16.201],
  ])('reaches s/2 sooner than a private route does (M %i, K %i)', (M, K, exact, formula) => {
    // Steps at 2ηκ = 1, which are times over M².
    const steps = (m: number, k: number) => {
      const closed = routingClosedForm(mode(m, k), 0.01);
      let [low, high] = [0.01, closed.end * (1 - 1e-12)];
      for (let i = 0; i < 100; i++) {
        const middle = (low + high) / 2;
        if (middle * closed.outerStrength(middle) ** 2 < 1.5) low = middle;
        else high = middle;
      }
      return closed.timeOf(low) / m ** 2;
    };
    expect(steps(1, 1)).toBeCloseTo(33.137, 3);
    expect(steps(M, K)).toBeCloseTo(exact, 3);
    if (M === 7 && K === 4) expect(33.333 / sharedRouteSpeedUp(M, K)).toBeCloseTo(formula, 3);
    expect(steps(1, 1) / steps(M, K) / sharedRouteSpeedUp(M, K)).toBeCloseTo(1, 2);
  });

  it('says where rates stop being stable, and that is where they do', () => {
    const [M, K, s, kappa] = [7, 4, Math.sqrt(185), 1 / 28];
    const wild = () => routingRecursion(mode(M, K, s), [0.08, 0.08, 0.08], { rate: 1, kappa, epochs: [500] });
    expect(wild).toThrow(
      /rate 1 makes the strengths .* grow without end; .* stability limit is 0\.0376\. Lower the rate/,
    );
    const b2 = (M * s) ** (1 / 3);
    const [limit, b1] = [b2 ** 2 / (3 * kappa * K * M * s ** 2), b2 / Math.sqrt(M)];
    // How far the product is from its end after being pushed off it a little.
    const off = (share: number) => {
      const training = { rate: share * limit, kappa, epochs: [300] };
      const [[x, y, z]] = routingRecursion(mode(M, K, s), [b1, b2 * (1 + 1e-7), b1], training);
      return Math.abs(x * y * z - s) / s;
    };
    expect(off(0.98)).toBeLessThan(1e-8);
    expect(off(1.02)).toBeGreaterThan(1e-4);
  });

  it('is the limit of its recursion at small rates, first order in them', () => {
    const start = [0.2, 0.2, 0.2] as const;
    const flow = routingRace(mode(3, 2), start, [0, 6])[1][1];
    const [coarse, fine] = [1, 2].map((finer) => {
      const epochs = [400 * finer];
      // 2ηκM² = 6/400 a step.
      return routingRecursion(mode(3, 2), start, { rate: 6 / 400 / finer / 18, kappa: 1, epochs })[0][1] - flow;
    });
    expect(coarse / fine).toBeCloseTo(2, 1);
  });

  it('has the loss of its trained pairs', () => {
    expect(
      routingLoss(
        [mode(7, 4, 3), mode(7, 4, 1)],
        [
          [1, 1, 1],
          [1, 0, 1],
        ],
        0.5,
      ),
    ).toBe(0.5 * 28 * (4 + 1));
  });

  it('refuses more partners than domains, and starts past the end', () => {
    expect(() => routingRace(mode(3, 4), [1, 1, 1], [0])).toThrow('each of 3 domains has 4 trained partners');
    expect(() => routingClosedForm(mode(3, 2), 5)).toThrow(/b0 is 5. It must be below the end point/);
    expect(() => routingClosedForm(mode(3, 2), 0.1).timeOf(0.05)).toThrow('b2 is 0.05');
    expect(() => routingClosedForm(mode(3, 2), 0.1).strengthAt(-1)).toThrow('t is -1');
    expect(() => routingRecursion(mode(3, 2), [1, 1, 1], { rate: 1e3, kappa: 1, epochs: [100] })).toThrow('rate 1000');
  });
});

describe('the scalar race', () => {
  it('is the routing race on the graph of a routing network', () => {
    const times = [0, 5, 10, 15, 20];
    const whole = scalarRace(graphOf(5, 3, 2, 0.1, false), times);
    const reduced = routingRace(mode(5, 3, 2), [0.1, 0.1, 0.1], times);
    whole.forEach(({ edges }, i) => {
      expect(edges['in 0']).toBeCloseTo(reduced[i][0], 10);
      expect(edges.shared).toBeCloseTo(reduced[i][1], 10);
      expect(edges['out 4']).toBeCloseTo(reduced[i][2], 10);
    });
  });

  it.each([
    [1, 0.2, 0.987],
    [4, 0.2, 0.9963],
    [4, 0.5, 0.9474],
    [7, 1, 0.6552],
  ])('lets the shared route take most of the target (K %i, b0 %f: %f)', (K, b0, share) => {
    const [{ paths }] = scalarRace(graphOf(7, K, 3, b0, true), [0, 1500], { relative: 1e-7 }).slice(1);
    expect(paths[0] + paths[1]).toBeCloseTo(3, 5);
    expect(paths[0] / 3).toBeCloseTo(share, 3);
  });

  it('refuses edges without a start, and edges taken twice', () => {
    const race = graphOf(2, 1, 1, 0.1, false);
    expect(() => scalarRace({ ...race, initial: { shared: 1 } }, [0])).toThrow('edge in 0 of path 0 has no start');
    const twice = [{ edges: ['shared', 'shared'], output: 'y', s: 1 }];
    expect(() => scalarRace({ ...race, paths: twice, D: matrix(1, 1) }, [0])).toThrow('path 0 is [shared, shared]');
    expect(() => scalarRace({ ...race, D: matrix(1, 1) }, [0])).toThrow('D (paths × paths) is 1 × 1');
  });
});
