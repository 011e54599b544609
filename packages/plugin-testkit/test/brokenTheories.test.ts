import { defineTheory, type TheoryEntry, type TheoryResult } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { checkTheory, failedChecks, sampleProblem } from '../src/index.ts';
import { network, supports, theory } from './soundParts.ts';

const sound: TheoryEntry = defineTheory({
  title: 'Prior',
  summary: 'For tests.',
  options: {},
  role: 'theory',
  supports,
  create: () => theory,
});
const failuresOf = async (changes: Partial<TheoryEntry>) =>
  (await failedChecks(checkTheory({ ...sound, ...changes }, { problem: sampleProblem(network) }))).map(
    ({ name }) => name,
  );
const ofResult = (change: (result: TheoryResult) => Partial<TheoryResult>) =>
  failuresOf({
    create: () => ({
      async solve(...args) {
        const result = await theory.solve(...args);
        return { ...result, ...change(result) };
      },
    }),
  });

describe('checkTheory', () => {
  const refusal = 'refuses what it says it does not support, with reason and remedy';

  it('passes a sound theory', async () => {
    expect(await failedChecks(checkTheory(sound, { problem: sampleProblem(network) }))).toEqual([]);
  });

  it('finds a variance that is negative beyond rounding', async () => {
    const ofVariance = (last: number) =>
      ofResult(({ predictor }) => ({
        predictor: { ...predictor, variance: matrix(5, 1, Float64Array.of(1, 1, 1, 1, last)) },
      }));
    expect(await ofVariance(-1e-6)).toEqual([
      'gives a finite mean and a variance that is not negative for each test input',
    ]);
    expect(await ofVariance(-1e-15)).toEqual([]);
  });

  it('finds numbers that are not finite', async () => {
    const orderParameters = { U1: matrix(1, 1, Float64Array.of(Number.NaN)) };
    expect(await ofResult(() => ({ orderParameters }))).toContain('gives finite order parameters and diagnostics');
  });

  it('finds randomness of its own', async () => {
    const change = ({ predictor }: TheoryResult) => {
      const variance = matrix(5, 1, predictor.variance.data.map(Math.random));
      return { predictor: { ...predictor, variance } };
    };
    expect(await ofResult(change)).toEqual(['gives the same bits for the same stream']);
  });

  it('finds a theory of everything, and one that does not support its own problem', async () => {
    expect(await failuresOf({ supports: () => undefined })).toEqual([
      'says why it does not solve a network of an unknown family',
    ]);
    expect(await failuresOf({ supports: () => ({ reason: 'Never.', remedy: 'None.' }) })).toContain(
      'supports the problem that it is tested on',
    );
  });

  it('finds a refusal without remedy, and one that is not kept', async () => {
    expect(await failuresOf({ supports: (traits) => supports(traits) && { reason: 'No.', remedy: '' } })).toEqual([
      refusal,
    ]);
    const cold = { reason: 'T = 0.', remedy: 'Raise T.' };
    const warmOnly: TheoryEntry['supports'] = (traits) => (traits.temperature === 0 ? cold : supports(traits));
    expect(await failuresOf({ supports: warmOnly })).toEqual([refusal]);
  });

  it('finds deafness to cancelling', async () => {
    const solve: typeof theory.solve = (given, { signal: _, ...context }) => theory.solve(given, context);
    expect(await failuresOf({ create: () => ({ solve }) })).toEqual(['stops when cancelled']);
  });
});
