import { describe, expect, it } from 'vitest';
import { createRandom, type RandomStream, restoreRandom } from '../src/index.ts';

const draw = (stream: RandomStream, n: number) => Array.from({ length: n }, () => stream.uniform());

/** Moments of n draws, with the standard errors they have for a standard normal. */
function moments(values: Float64Array) {
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  const moment = (k: number) => values.reduce((sum, x) => sum + x ** k, 0) / n;
  return { n, mean, second: moment(2), third: moment(3), fourth: moment(4) };
}

describe('random streams', () => {
  it('reproduces xoshiro128** for known state words', () => {
    // First outputs of the reference generator from the state 1, 2, 3, 4.
    const stream = restoreRandom({ algorithm: 'xoshiro128**', name: '', seed: 'x', words: [1, 2, 3, 4] });
    const words = Array.from({ length: 4 }, () => stream.integer(0x100000000));
    expect(words).toEqual([11520, 0, 5927040, 70819200]);
  });

  it('gives the same numbers for the same seed and name, others for others', () => {
    const a = draw(createRandom(7).stream('gates'), 5);
    expect(draw(createRandom(7).stream('gates'), 5)).toEqual(a);
    expect(draw(createRandom(8).stream('gates'), 5)).not.toEqual(a);
    expect(draw(createRandom(7).stream('data'), 5)).not.toEqual(a);
  });

  it('derives substreams independently of what was drawn', () => {
    const root = createRandom(7);
    draw(root, 100);
    expect(draw(root.stream('a').stream(3), 3)).toEqual(draw(createRandom(7).stream('a/3'), 3));
  });

  it('continues exactly from a stored state', () => {
    const stream = createRandom('text seed').stream('chain');
    stream.fillGaussian(new Float64Array(1001));
    const kept = JSON.parse(JSON.stringify(stream.state()));
    expect(draw(restoreRandom(kept), 10)).toEqual(draw(stream, 10));
  });

  it('draws uniforms whose first bits are balanced for small neighbouring seeds', () => {
    const firsts = Array.from({ length: 2000 }, (_, seed) => createRandom(seed).uniform());
    const mean = firsts.reduce((sum, x) => sum + x, 0) / firsts.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / firsts.length));
  });

  it.each([Float64Array, Float32Array])(
    'draws standard normals: four moments within 5 standard errors, %o',
    (Numbers) => {
      const draws = createRandom(1).fillGaussian(new Numbers(1_000_000));
      const { n, mean, second, third, fourth } = moments(Float64Array.from(draws));
      expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(1 / n));
      expect(Math.abs(second - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
      expect(Math.abs(third)).toBeLessThan(5 * Math.sqrt(15 / n));
      expect(Math.abs(fourth - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
    },
  );

  it.each([Float64Array, Float32Array])(
    'has the normal tail beyond the ziggurat base and the right mass between layers, %o',
    (Numbers) => {
      const values = createRandom(2).fillGaussian(new Numbers(2_000_000));
      const share = (from: number) => values.filter((x) => Math.abs(x) > from).length / values.length;
      for (const [from, expected] of [
        [0.272, 0.78562218],
        [1, 0.31731051],
        [2, 0.0455002639],
        [3.442619855899, 0.000576108],
        [3.6541528853610088, 0.000258035],
        [4, 6.33425e-5],
      ]) {
        expect(Math.abs(share(from) - expected)).toBeLessThan(5 * Math.sqrt(expected / values.length));
      }
    },
  );

  it('scales; float64 arrays hold what gaussian gives', () => {
    for (const Numbers of [Float64Array, Float32Array]) {
      const plain = createRandom(3).fillGaussian(new Numbers(100));
      const scaled = createRandom(3).fillGaussian(new Numbers(100), 2);
      expect([...scaled]).toEqual([...plain].map((x) => 2 * x));
    }
    const one = createRandom(3);
    expect([...createRandom(3).fillGaussian(new Float64Array(50))]).toEqual(
      Array.from({ length: 50 }, () => one.gaussian()),
    );
  });

  it('fills float32 arrays of any length from one stream, symmetric and uncorrelated', () => {
    const stream = createRandom(3);
    const first = stream.fillGaussian(new Float32Array(1500));
    const kept = stream.state();
    const second = stream.fillGaussian(new Float32Array(700));
    expect([...restoreRandom(kept).fillGaussian(new Float32Array(700))]).toEqual([...second]);
    expect([...createRandom(3).fillGaussian(new Float32Array(1500))]).toEqual([...first]);
    const values = createRandom(4).fillGaussian(new Float32Array(1_000_000));
    for (const lag of [1, 2, 3, 1024]) {
      let sum = 0;
      let squares = 0;
      for (let i = lag; i < values.length; i++) {
        sum += values[i] * values[i - lag];
        squares += (values[i] ** 2 - 1) * (values[i - lag] ** 2 - 1);
      }
      expect(Math.abs(sum) / Math.sqrt(values.length)).toBeLessThan(5);
      expect(Math.abs(squares) / (2 * Math.sqrt(values.length))).toBeLessThan(5);
    }
    expect(Math.abs(values.filter((x) => x < 0).length / values.length - 0.5)).toBeLessThan(5 * 0.0005);
  });

  it('permutes all of 0 … n − 1', () => {
    expect([...createRandom(4).permutation(50)].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it('refuses unusable seeds, states and ranges, naming them', () => {
    expect(() => createRandom(0.5)).toThrow(/seed 0.5 is not usable.*whole number or text/);
    expect(() => createRandom(1).integer(0)).toThrow(/n = 0/);
    expect(() => restoreRandom({ algorithm: 'xoshiro128**', name: '', seed: '', words: [0, 0, 0, 0] })).toThrow(
      /not the state/,
    );
  });
});
