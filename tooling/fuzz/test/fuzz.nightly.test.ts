import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleChild } from '../src/bundleChild.ts';
import { describeReport } from '../src/describeReport.ts';
import { fuzz } from '../src/fuzz.ts';
import { allTargets } from '../src/targets/allTargets.ts';

const INPUTS = 20_000;

let folder = '';
beforeAll(async () => {
  folder = await bundleChild();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each(allTargets.map(({ name }) => name))(`${INPUTS} mutated files of %s are read or refused`, async (target) => {
  const report = await fuzz(folder, { target, inputs: INPUTS, seed: 2 });
  process.stderr.write(`  ${describeReport(report)}\n`);
  expect(report.findings).toEqual([]);
  expect(report.inputs).toBe(INPUTS);
});
