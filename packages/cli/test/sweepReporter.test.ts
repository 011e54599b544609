import { GgdlnError } from '@ggdln/core';
import type { ExperimentEvent } from '@ggdln/experiments';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSweepReporter } from '../src/sweepReporter.ts';
import { describeBytes, describeDuration } from '../src/sweepSummary.ts';

const point = (id: number) => ({ id: String(id), source: 'ggdln', role: 'theory', axes: { 'architecture.width': id } });
const counts = (done: number, failed = 0) => ({ total: 4, done, failed, reused: 0, computed: done - failed, stale: 0 });
const error = new GgdlnError({ code: 'GGDLN_NUMERICAL', where: 'ggdln', problem: 'no' });

/** What a sweep of four points tells: three finished, one failed. */
const events = [
  { type: 'planned', counts: counts(0), points: [1, 2, 3, 4].map(point) },
  ...[1, 2, 3].flatMap((id) => [
    { type: 'point-started', counts: counts(id - 1), point: point(id) },
    { type: 'point-finished', counts: counts(id), point: point(id), seconds: 2, work: { seconds: 2, bytes: 5e6 } },
  ]),
  { type: 'point-failed', counts: counts(4, 1), point: point(4), error, before: false },
] as unknown as readonly ExperimentEvent[];

function told({ interactive = false, json = false, quiet = false }) {
  const lines: string[] = [];
  let estimates = 0;
  const terminal = { out: () => undefined, err: (text: string) => void lines.push(text), interactive, quiet };
  const reporter = createSweepReporter(terminal, json, () => {
    estimates += 1;
  });
  reporter.start({ slots: 2 });
  for (const event of events) reporter.event(event);
  reporter.note('done');
  reporter.end();
  return { text: lines.join(''), estimates };
}

describe('createSweepReporter', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('tells a line for each point, one estimate, and the time that is left', () => {
    const { text, estimates } = told({});
    expect(estimates).toBe(1);
    expect(text.split('\n')).toEqual([
      '4 points',
      '  1/4 ✓ ggdln width 1  2.0 s',
      'Estimate, from 2 points: about 2.0 s for the other 2 (work: ggdln 4.0 s); data, kernels and weights of one point take about 5.0 MB',
      '  2/4 ✓ ggdln width 2  2.0 s  2.0 s left',
      '  3/4 ✓ ggdln width 3  2.0 s  2.0 s left',
      '  4/4 ✗ ggdln width 4  [ggdln] no.',
      'done',
      '',
    ]);
  });

  it('redraws one line on a terminal, and keeps what a person should read later', () => {
    const { text } = told({ interactive: true });
    expect(text).toContain('\r\u001b[2K');
    expect(text).not.toContain('✓');
    expect(text).toContain('✗ ggdln width 4');
    expect(text.endsWith('\r\u001b[2K')).toBe(true);
  });

  it('tells JSON objects, one a line, where JSON is asked for', () => {
    const lines = told({ json: true, interactive: true })
      .text.trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type, note, estimate }) => type ?? note ?? Object.keys(estimate).length)).toEqual([
      ...['planned', 'point-finished', 5, 'point-finished', 'point-finished', 'point-failed', 'done'],
    ]);
    expect(lines.at(-2)).toMatchObject({ code: 'GGDLN_NUMERICAL', before: false, counts: { failed: 1 } });
  });

  it('is silent when quiet', () => {
    expect(told({ quiet: true }).text).toBe('');
  });
});

describe('numbers for people', () => {
  it.each([
    [0.01, '0.1 s'],
    [9.94, '9.9 s'],
    [9.96, '10 s'],
    [59.4, '59 s'],
    [59.6, '1 min'],
    [200, '3 min 20 s'],
    [3600, '1 h'],
    [7500, '2 h 5 min'],
  ])('%d seconds are %s', (seconds, text) => expect(describeDuration(seconds)).toBe(text));

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [255_000, '255 kB'],
    [3.2e9, '3.2 GB'],
    [1e18, '1000000 TB'],
  ])('%d bytes are %s', (bytes, text) => expect(describeBytes(bytes)).toBe(text));
});
