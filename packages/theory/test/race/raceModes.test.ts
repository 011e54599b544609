import { createRandom } from '@ggdln/core';
import { createMlMatrixBackend, type Matrix, matrix, matrixFromRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { type PathCorrelations, raceModes, xorRace } from '../../src/race/index.ts';
import { gaussianMatrix } from '../helpers.ts';

const linalg = createMlMatrixBackend();

/** U diag Vᵀ. */
function spread(left: Matrix, diagonal: readonly number[], right: Matrix): Matrix {
  const middle = matrix(left.cols, right.cols);
  diagonal.forEach((value, k) => {
    middle.data[k * right.cols + k] = value;
  });
  return linalg.gemm(left, linalg.gemm(middle, right, { transB: true }));
}

/** Two inputs of 4 and 3, two outputs of 3 and 5, a path for each pair, with degenerate and negative spectra. */
function planted(): PathCorrelations & { readonly S: number[][]; readonly D: ReadonlyMap<string, number[]> } {
  const rng = createRandom(5).stream('modes');
  const basis = (n: number) => linalg.qr(gaussianMatrix(rng, n, n)).q;
  const bases: Record<string, Matrix> = { a: basis(4), b: basis(3), y: basis(3), z: basis(5) };
  const ends = [
    { source: 'a', target: 'y' },
    { source: 'b', target: 'y' },
    { source: 'a', target: 'z' },
    { source: 'b', target: 'z' },
  ];
  const S = [
    [5, 2, 2],
    [-3, 2.5, 1],
    [4, 3, 0.2, 0.1],
    [0.5, 0, 2],
  ];
  const D = new Map<string, number[]>();
  const sigmaX = ends.flatMap(({ source, target }, p) =>
    ends.flatMap((other, j) => {
      if (other.target !== target) return [];
      const diagonal = j === p ? [1, 2, 3, 4].slice(0, bases[source].rows) : [0.5, 0.25, 0.1];
      D.set(`${j} ${p}`, diagonal);
      return [{ j, p, value: spread(bases[other.source], diagonal, bases[source]) }];
    }),
  );
  const paths = [
    ['a', 'y'],
    ['b', 'y'],
    ['a', 'z'],
    ['b', 'z'],
  ];
  return {
    paths,
    ends,
    sigmaYX: ends.map(({ source, target }, p) => spread(bases[target], S[p], bases[source])),
    sigmaX,
    S,
    D,
  };
}

describe('the spectra of a race', () => {
  it('are those that the correlations were made of, also where singular values are equal', () => {
    const data = planted();
    const [group, ...others] = raceModes(data, linalg);
    expect(others).toEqual([]);
    expect(group.residual).toBeLessThan(1e-12);
    // Modes come in order of strength; each has its |S| and D at all paths.
    const found = group.modes.map(({ paths }) => paths.map(({ s }) => Math.abs(s)));
    const wanted = [0, 1, 2].map((mode) => data.S.map((s) => Math.abs(s[mode])));
    const sorted = (rows: number[][]) => rows.filter(({ length }) => length === 4).sort((x, y) => y[2] - x[2]);
    sorted(found).forEach((row, k) => {
      row.forEach((value, p) => {
        expect(value).toBeCloseTo(sorted(wanted)[k][p], 12);
      });
    });
    const first = group.modes.find(({ paths }) => Math.abs(paths[0].s - 5) < 1e-9);
    expect(first?.D.data[0]).toBeCloseTo(1, 12);
    expect(Math.abs(first?.D.data[1] ?? 0)).toBeCloseTo(0.5, 12);
    // Only the wide input and the wide output have a fourth mode.
    expect(group.modes[3].indices).toEqual([2]);
  });

  it('of XOR with a unit for each example are four races of one pathway', () => {
    const { s, d, network } = xorRace(0.01);
    const rows = [0, 1, 2, 3].map((p) => matrix(1, 2, network.X.data.slice(2 * p, 2 * p + 2)));
    const groups = raceModes(
      {
        paths: rows.map((_, k) => [`in${k}`, `out${k}`]),
        ends: rows.map(() => ({ source: 'x', target: 'y' })),
        sigmaYX: rows.map((x, p) =>
          matrix(
            1,
            2,
            x.data.map((value) => (network.y[p] * value) / 4),
          ),
        ),
        sigmaX: rows.flatMap((x, p) =>
          rows.map((_, j) => ({ j, p, value: j === p ? linalg.syrk(x, { trans: true, alpha: 1 / 4 }) : matrix(2, 2) })),
        ),
      },
      linalg,
    );
    expect(groups).toHaveLength(4);
    for (const { modes } of groups) {
      expect(Math.abs(modes[0].paths[0].s)).toBeCloseTo(s, 14);
      expect(modes[0].D.data[0]).toBeCloseTo(d, 14);
    }
  });

  it('are refused where correlations share no singular vectors, unless that is tolerated', () => {
    const one = matrixFromRows([
      [1, 0],
      [0, 2],
    ]);
    const other = matrixFromRows([
      [1, 1],
      [0, 1],
    ]);
    const data: PathCorrelations = {
      paths: [
        ['in', 'out'],
        ['in', 'out2'],
      ],
      ends: [
        { source: 'x', target: 'y' },
        { source: 'x', target: 'y' },
      ],
      sigmaYX: [one, other],
      sigmaX: [0, 1].map((p) => ({ j: p, p, value: one })),
    };
    expect(() => raceModes(data, linalg)).toThrow(
      /the correlations of 2 racing paths \(in out, …\) share no singular vectors: 0\.\d+ of the largest one is off/,
    );
    expect(raceModes(data, linalg, 1)[0].residual).toBeGreaterThan(0.1);
  });
});
