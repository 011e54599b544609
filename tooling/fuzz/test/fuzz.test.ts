import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleChild } from '../src/bundleChild.ts';
import { fuzz } from '../src/fuzz.ts';
import { allTargets } from '../src/targets/allTargets.ts';

let folder = '';
beforeAll(async () => {
  folder = await bundleChild();
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

// `npm run nightly` feeds 20 000 of them.
describe.each(allTargets.map(({ name }) => name))('500 mutated files of %s', (target) => {
  it('are read or refused with a message', async () => {
    const report = await fuzz(folder, { target, inputs: 500, seed: 1 });
    expect(report.findings).toEqual([]);
    expect(report.inputs).toBe(500);
    // Mutations that leave nothing readable, or harm nothing, would test little.
    expect(report.accepted).toBeGreaterThan(0);
    expect(report.accepted).toBeLessThan(500);
  }, 180_000);
});

describe('fuzzing finds', () => {
  it.each([
    ['crashes', 20, /TypeError: Cannot read/],
    ['hangs', 1, /no answer within 1 s/],
    ['believes sizes', 20, /8000 bytes allocated for a file of \d+, 1024 allowed/],
    ['fills the heap', 20, /the process died .*heap/s],
  ])(
    'a reader that %s',
    async (target, secondsEach, problem) => {
      const { findings } = await fuzz(folder, { target, inputs: 20, seed: 1, secondsEach, maxFindings: 1 });
      expect(findings.length).toBeGreaterThan(0);
      expect(findings[0].problem).toMatch(problem);
    },
    180_000,
  );
});
