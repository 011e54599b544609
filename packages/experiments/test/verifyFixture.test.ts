import type { JsonObject } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { compareValues, toVerifyDocument, verifyFixture } from '../src/index.ts';
import { noLinalg } from './doubles.ts';
import { failureOf, registry } from './helpers.ts';

const options = { registry, linalg: noLinalg };
const add = (changes: object) => ({
  name: 'addition',
  compute: 'double.add',
  params: { a: 1, b: 2 },
  inputs: {},
  expected: { sum: 3, list: [1, 2, 3] },
  ...changes,
});

describe('verifyFixture', () => {
  it('suggests the computation that a misspelt name may mean', async () => {
    const { cases } = await verifyFixture({ cases: [add({ compute: 'double.refues' })] }, options);
    expect(cases[0]).toMatchObject({ status: 'unsupported' });
    expect(cases[0].error).toMatch(/^no plugin computes "double\.refues"; did you mean double\.refuse/);
  });

  it('computes, compares and counts', async () => {
    const { expected: _expected, ...blind } = add({ name: 'blind' });
    const report = await verifyFixture(
      {
        cases: [
          add({}),
          add({ expected: { sum: 3.1 } }),
          blind,
          add({ compute: 'double.unknown' }),
          add({ compute: 'double.refuse' }),
          add({ compute: 'double.nan' }),
        ],
      },
      options,
    );
    expect(report.counts).toEqual({ passed: 1, failed: 1, computed: 1, unsupported: 1, errors: 2 });
    expect(report.cases[1].check?.failures[0]).toContain('sum is 3, expected 3.1');
    expect(report.cases[3].error).toBe('no plugin computes "double.unknown"');
    expect(report.cases[4].error).toContain('X is 2 × 3. X should be 3 × 3');
    expect(report.cases[5].error).toContain('computed.sum is NaN');
  });

  it('gives the document of the command line', async () => {
    const report = await verifyFixture({ cases: [add({}), add({ compute: 'double.unknown' })] }, options);
    expect(toVerifyDocument(report)).toEqual({
      cases: [
        {
          name: 'addition',
          compute: 'double.add',
          status: 'computed',
          computed: { sum: 3, list: [1, 2, 3] },
          error: null,
        },
        {
          name: 'addition',
          compute: 'double.unknown',
          status: 'unsupported',
          computed: null,
          error: 'no plugin computes "double.unknown"',
        },
      ],
    });
  });

  it('decides by `compute` alone: names, places and expectations change nothing', async () => {
    const draw = (name: string, more: JsonObject = {}): JsonObject => ({ name, compute: 'double.draw', ...more });
    const one = await verifyFixture({ cases: [draw('a'), draw('b', { expected: { draw: 0 } })] }, options);
    const other = await verifyFixture({ cases: [add({}), draw('c')] }, options);
    expect(one.cases[1].computed).toEqual(one.cases[0].computed);
    expect(other.cases[1].computed).toEqual(one.cases[0].computed);
    const seeded = await verifyFixture({ cases: [draw('a')] }, { ...options, seed: 2 });
    expect(seeded.cases[0].computed).not.toEqual(one.cases[0].computed);
  });

  it('survives cases that make no sense', async () => {
    const report = await verifyFixture({ cases: [3, { name: 'x' }, add({ params: 4 })] }, options);
    expect(report.cases.map(({ name, status }) => [name, status])).toEqual([
      ['case 1', 'error'],
      ['x', 'error'],
      ['addition', 'error'],
    ]);
    expect(report.cases[1].error).toContain('"compute"');
  });

  it('refuses a document without cases, and stops when cancelled', async () => {
    expect((await failureOf(() => verifyFixture([], options))).message).toContain('no list "cases"');
    const cancelled = { cases: [add({ compute: 'double.cancel' })] };
    expect((await failureOf(() => verifyFixture(cancelled, options))).code).toBe('GGDLN_CANCELLED');
    const signal = AbortSignal.abort();
    expect((await failureOf(() => verifyFixture({ cases: [add({})] }, { ...options, signal }))).code).toBe(
      'GGDLN_CANCELLED',
    );
  });
});

describe('compareValues', () => {
  it('allows atol + rtol · |expected|, to the edge', () => {
    const tolerance = { rtol: 1e-3, atol: 0.5 };
    expect(compareValues({ a: 1000 }, { a: 1001.5 }, tolerance).passed).toBe(true);
    expect(compareValues({ a: 1000 }, { a: 1001.51 }, tolerance).passed).toBe(false);
    expect(compareValues({ a: 1000 }, { a: 998.49 }, tolerance).passed).toBe(false);
  });

  it('allows what rounding alone does, where the computed value says how much, and names such entries', () => {
    const tolerance = { rtol: 1e-10, atol: 0 };
    const K_rounding = [0, 2e-8];
    const near = compareValues({ K: [1, 1] }, { K: [1, 1 + 1e-8], K_rounding }, tolerance);
    expect(near).toMatchObject({ passed: true, failures: [], compared: ['K'] });
    expect(near.rounded).toEqual([expect.stringContaining('K[1] is 1.00000001, expected 1: off by 1.00e-8')]);
    expect(compareValues({ K: [1, 1] }, { K: [1, 1 + 3e-8], K_rounding }, tolerance).passed).toBe(false);
    expect(compareValues({ K: [1, 1] }, { K: [1 + 1e-8, 1], K_rounding }, tolerance).passed).toBe(false);
    expect(compareValues({ K: [1, 1] }, { K: [1, 1 + 1e-11], K_rounding }, tolerance).rounded).toEqual([]);
  });

  it('looks into nested arrays and objects and names the worst entry', () => {
    const { failures } = compareValues(
      {
        U: [
          [1, 2],
          [3, 4],
        ],
      },
      {
        U: [
          [1, 2.1],
          [5, 4],
        ],
      },
      {},
    );
    expect(failures).toEqual([expect.stringMatching(/^U\[1\]\[0\] is 5, expected 3: off by 2\.00.* \(and 1 more\)$/)]);
    expect(compareValues({ o: { p: [1] } }, { o: { q: [1] } }, {}).failures[0]).toContain('o.p is missing');
  });

  it('refuses other shapes, types and missing keys', () => {
    expect(compareValues({ a: [1, 2] }, { a: [1] }, {}).failures[0]).toContain('a has 1 entries, expected 2');
    expect(compareValues({ a: 1 }, { a: '1' }, {}).failures[0]).toContain('a is "1", expected 1');
    expect(compareValues({ a: [1] }, { a: null }, {}).passed).toBe(false);
    expect(compareValues({ a: 1, b: 2 }, { a: 1 }, {}).failures).toEqual(['b is missing in what was computed']);
    expect(compareValues({ flag: true }, { flag: false }, {}).passed).toBe(false);
  });

  it('passes over informative keys, and fails when nothing is left to compare', () => {
    expect(compareValues({ a: 1, mmIterationsTo1e8: 9 }, { a: 1 }, {})).toMatchObject({
      passed: true,
      notCompared: ['mmIterationsTo1e8'],
    });
    expect(compareValues({ mmIterationsTo1e8: 9 }, {}, {}).failures).toEqual(['nothing could be compared']);
  });

  describe('statistical', () => {
    const expected = { m: [1, 2], m_se: [0.3, 0.3], v: 1, theory: 5 };
    const computed = { m: [1, 2], m_se: [0.4, 0.4], v: 1, v_se: 0.1 };

    it('does not compare what has no error bars: nothing says how near it should be', () => {
      const check = compareValues(expected, { ...computed, theory: 9 }, { sigmas: 5, rtol: 0, atol: 0 });
      expect(check).toMatchObject({ passed: true, compared: ['m', 'v'], notCompared: ['theory'] });
    });

    it('allows sigmas combined standard errors', () => {
      const at = (m: number[]) => compareValues(expected, { ...computed, m }, { sigmas: 5 });
      expect(at([1, 2 + 2.49]).passed).toBe(true);
      expect(at([1, 2 + 2.51])).toMatchObject({ passed: false, compared: ['m', 'v'], notCompared: ['theory'] });
      expect(at([1, 2 - 2.51]).failures[0]).toContain('m[1]');
    });

    it('takes the expected value as equally uncertain where only the computed one has an error', () => {
      const at = (v: number) => compareValues(expected, { ...computed, v }, { sigmas: 5 }).passed;
      expect(at(1 + 5 * 0.1414)).toBe(true);
      expect(at(1 + 5 * 0.1415)).toBe(false);
    });

    it('fails for a missing value, and knows the other spelling of errors', () => {
      expect(compareValues({ m: 1, m_se: 1 }, {}, { sigmas: 5 }).failures).toEqual([
        'm is missing in what was computed',
      ]);
      const other = compareValues(
        { m: 1, mStdError: 1, n: 3 },
        { m: 5.9, mStdError: 0 },
        { sigmas: 5, rtol: 0, atol: 0 },
      );
      expect(other).toEqual({ passed: true, failures: [], compared: ['m'], notCompared: ['n'], rounded: [] });
    });
  });
});
