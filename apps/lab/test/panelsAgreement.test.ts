import { describe, expect, it } from 'vitest';
import { agreementOf, fallOf, largestZ, worstPercent } from '../src/panels/agreement.ts';
import { verdictOf } from '../src/panels/verdict.ts';
import { runOf } from './panelsSupport.ts';

const close = runOf([
  ['theory', 10, 1, null],
  ['theory', 100, 0.8, null],
  ['theory', 1000, 0.75, null],
  ['infinite-width', 10, 0.7, null],
  ['infinite-width', 100, 0.7, null],
  ['infinite-width', 1000, 0.7, null],
  ['exact-sampling', 10, 1.02, 0.02],
  ['exact-sampling', 100, 0.804, 0.004],
  ['exact-sampling', 1000, 0.7495, 0.001],
  ['gradient-descent', 100, 0.5, null],
]);

describe('agreementOf', () => {
  it('compares the sampler with theory at every place that both have', () => {
    const agreement = agreementOf(close, 'bias');
    expect(agreement?.source).toBe('exact-sampling');
    expect(agreement?.rows.map(({ x }) => x)).toEqual([10, 100, 1000]);
    const [, row] = agreement?.rows ?? [];
    expect(row.difference).toBeCloseTo(0.004, 12);
    expect(row.percent).toBeCloseTo(0.5, 10);
    expect(row.z).toBeCloseTo(1, 10);
    // Infinite width is 0.104 away from 0.804, theory 0.004.
    expect(row.ratio).toBeCloseTo(26, 8);
  });

  it('waits for the sampler where one is planned: descent alone is no agreement', () => {
    const early = runOf([
      ['theory', 100, 0.8, null],
      ['gradient-descent', 100, 0.5, null],
    ]);
    expect(agreementOf(early, 'bias')?.source).toBe('gradient-descent');
    const [theory] = early.points;
    const planned = {
      ...early,
      points: [...early.points, { ...theory, role: 'exact-sampling' as const, metrics: [] }],
    };
    expect(agreementOf(planned, 'bias')).toBeUndefined();
    expect(agreementOf(planned, 'bias', 'gradient-descent')?.rows).toHaveLength(1);
  });

  it('gives the worst percent from a place on, and the largest |z|', () => {
    const agreement = agreementOf(close, 'bias');
    if (!agreement) throw new Error('nothing compared');
    expect(worstPercent(agreement)).toMatchObject({ x: 10, percent: expect.closeTo(2, 10) });
    expect(worstPercent(agreement, 100)).toMatchObject({ x: 100, percent: expect.closeTo(0.5, 10) });
    expect(worstPercent(agreement, 2000)).toBeUndefined();
    expect(largestZ(agreement)).toBeCloseTo(1, 10);
  });

  it('gives no z for provisional errors, and none without an error', () => {
    const loose = runOf(
      [
        ['theory', 10, 1, null],
        ['theory', 20, 1, null],
        ['exact-sampling', 10, 1.5, 0.1],
        ['exact-sampling', 20, 1.5, null],
      ],
      { provisional: [10] },
    );
    expect(agreementOf(loose, 'bias')?.rows.map(({ z, provisional }) => [z, provisional])).toEqual([
      [null, true],
      [null, false],
    ]);
  });

  it('has no percent where theory is 0, and is undefined where one side is missing', () => {
    const zero = runOf([
      ['theory', 10, 0, null],
      ['exact-sampling', 10, 0.1, 0.1],
    ]);
    expect(agreementOf(zero, 'bias')?.rows[0].percent).toBeNull();
    expect(agreementOf(runOf([['exact-sampling', 10, 0.1, 0.1]]), 'bias')).toBeUndefined();
    expect(agreementOf(close, 'variance')).toBeUndefined();
  });

  it('compares within groups, and takes gradient descent where nothing samples', () => {
    const view = runOf([], {
      groupBy: 'sigma',
      rows: [
        { 'architecture.width': 5, sigma: 1, source: 't', role: 'theory', metric: 'bias', value: 1, stderr: null },
        { 'architecture.width': 5, sigma: 2, source: 't', role: 'theory', metric: 'bias', value: 2, stderr: null },
        {
          'architecture.width': 5,
          sigma: 2,
          source: 'g',
          role: 'gradient-descent',
          metric: 'bias',
          value: 2.2,
          stderr: null,
        },
      ],
    });
    const agreement = agreementOf(view, 'bias');
    expect(agreement).toMatchObject({ source: 'g', samples: false });
    expect(agreement?.rows).toHaveLength(1);
    expect(agreement?.rows[0]).toMatchObject({ group: '2', theory: 2, percent: expect.closeTo(10, 8) });
  });
});

/** Sampling above theory by c/N, known to a hundredth of the difference. */
const corrected = runOf(
  [10, 30, 100, 300, 1000].flatMap((N) => [
    ['theory', N, 1, null] as const,
    ['exact-sampling', N, 1 + 1 / N, 0.01 / N] as const,
  ]),
);

describe('verdictOf', () => {
  it('finds the exponent of a correction of order 1/N', () => {
    const agreement = agreementOf(corrected, 'bias');
    expect(agreement && fallOf(agreement)).toBeCloseTo(-1, 10);
  });

  it('calls small differences noise, with the number', () => {
    const agreement = agreementOf(close, 'bias');
    const verdict = agreement && verdictOf(agreement, close);
    expect(verdict).toMatchObject({ tone: 'ok', lead: 'Within 0.5 % from N = 100 on.' });
    expect(verdict?.rest).toBe('What is left is noise: the largest |z| is 1.0.');
  });

  it('calls what falls like 1/N the finite-width correction, though z is large', () => {
    const agreement = agreementOf(corrected, 'bias');
    const verdict = agreement && verdictOf(agreement, corrected);
    expect(verdict?.lead).toBe('Within 1.0 % from N = 100 on.');
    expect(verdict?.rest).toMatch(/above theory; the gap falls roughly like 1\/N and is the finite-width correction/);
  });

  it('warns of a difference that is neither', () => {
    const wrong = runOf(
      [10, 100, 1000].flatMap((N) => [['theory', N, 1, null] as const, ['exact-sampling', N, 1.3, 0.01] as const]),
    );
    const agreement = agreementOf(wrong, 'bias');
    const verdict = agreement && verdictOf(agreement, wrong);
    expect(verdict).toMatchObject({ tone: 'warn', lead: 'Up to 30 % apart, most at N = 10.' });
    expect(verdict?.rest).toMatch(/\|z\| is 30\.0: more than noise/);
  });

  it('says nothing of provisional numbers', () => {
    const loose = runOf(
      [
        ['theory', 10, 1, null],
        ['exact-sampling', 10, 1.5, 0.1],
      ],
      { provisional: [10] },
    );
    const agreement = agreementOf(loose, 'bias');
    expect(agreement && verdictOf(agreement, loose)).toMatchObject({ tone: 'plain', lead: 'Still settling.' });
  });
});
