import type { Row } from '@ggdln/core';
import type { ExperimentResult } from '@ggdln/experiments';
import { describe, expect, it } from 'vitest';
import { describeResult } from '../src/runSummary.ts';
import type { Terminal } from '../src/terminal.ts';

const row = (theory: string): Row => ({
  'architecture.width': 10,
  source: 'block-gibbs',
  role: 'exact-sampling',
  theory,
  theoryRole: 'theory',
  metric: 'bias',
  value: 0.5,
  stderr: 0.01,
  theoryValue: 0.51,
  difference: -0.01,
  relativePercent: -2,
  z: -1,
});

function describeRows(rows: readonly Row[], quiet = false, diagnostics: readonly Row[] = []): string {
  const result = {
    spec: { seed: 3 },
    table: { columns: ['architecture.width', 'source'], rows: [] },
    comparison: { columns: [], rows },
    diagnostics: { columns: ['source'], rows: diagnostics },
    notes: [],
  } as unknown as ExperimentResult;
  return describeResult(result, '/project/runs/a', [], { cwd: '/project', terminal: { quiet } as Terminal });
}

describe('what ends a run', () => {
  it('says which theory a row is against, where there are several', () => {
    expect(describeRows([row('bpkr')])).toMatch(/metric +source +width +theory/);
    const text = describeRows([row('nngp'), row('bpkr')]);
    expect(text).toMatch(/metric +source +against +width +theory/);
    expect(text).toMatch(/bias +block-gibbs +bpkr +10 [\s\S]*bias +block-gibbs +nngp +10 /);
  });

  it('says what the numbers of samplers mean, where there are some', () => {
    const sampler = (metric: string, value: number): Row => ({
      source: 'hmc',
      role: 'exact-sampling',
      metric,
      value,
      stderr: null,
    });
    const text = describeRows([], true, [
      sampler('rhat', 1.01),
      sampler('essMin', 40),
      sampler('essMedian', 90),
      sampler('virial', 0.3),
    ]);
    expect(text).toMatch(
      /R̂ +ESS min +ESS median +virial\(s\.e\.\)\n.*0\.3\n.*virial: an average that is 0 in the exact/,
    );
    expect(describeRows([row('bpkr')])).not.toContain('virial');
  });

  it('suggests commands for this experiment, and none when quiet', () => {
    expect(describeRows([])).toContain('run runs/a/spec.resolved.yaml --seed 4 --out runs/a-seed-4');
    expect(describeRows([], true)).not.toContain('Next:');
  });
});
