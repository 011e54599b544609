import { createTable, isGgdlnError, type Row, selectRows } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { type FigureWidth, type SweepFigureOptions, sweepFigure, type ThemeName } from '../src/index.ts';
import { figureToSvg } from '../src/node/index.ts';
import { sampleOptions, sampleTable } from './sample.ts';

const only = (rows: readonly Row[]) => createTable(rows, sampleTable().columns);
const bias = (options: Partial<SweepFigureOptions> = {}): SweepFigureOptions => ({
  ...sampleOptions,
  frames: sampleOptions.frames.slice(0, 1),
  ...options,
});
const row = (role: string, x: number | null, value: number | null, stderr: number | null = null): Row => ({
  'architecture.width': x,
  source: role,
  role,
  metric: 'bias',
  value,
  stderr,
});

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isGgdlnError(error)) return `${error.code} ${error.message}`;
  }
  throw new Error('no GgdlnError was thrown');
}

describe('sweepFigure', () => {
  it('survives JSON', () => {
    const figure = sweepFigure(sampleTable(), sampleOptions);
    expect(JSON.parse(JSON.stringify(figure))).toEqual(figure);
  });

  it('has series in the order A B C D, sorted by x, with residuals equal to simulation minus theory', () => {
    const table = sampleTable();
    const shuffled = { ...table, rows: [...table.rows].reverse() };
    const figure = sweepFigure(shuffled, sampleOptions);
    const [first, second] = figure.frames;
    expect(first.series.map(({ role }) => role)).toEqual([
      'theory',
      'exact-sampling',
      'langevin',
      'gradient-descent',
      'infinite-width',
    ]);
    for (const { points } of first.series)
      expect(points.map(({ x }) => x)).toEqual(points.map(({ x }) => x).sort((a, b) => a - b));
    expect(first.residual?.residuals).toHaveLength(5 + 2 + 5);
    expect(second.residual?.residuals).toHaveLength(5 + 2);
    for (const frame of figure.frames) {
      for (const { role, x, value, stderr } of frame.residual?.residuals ?? []) {
        const at = { metric: frame.metric, 'architecture.width': x };
        const [simulated] = selectRows(table, { ...at, role });
        const [theory] = selectRows(table, { ...at, role: 'theory' });
        expect(value).toBe(Number(simulated.value) - Number(theory.value));
        expect(stderr).toBe(simulated.stderr);
      }
    }
  });

  it('calls roles in the legend what it is told', async () => {
    const figure = sweepFigure(sampleTable(), bias({ names: { 'exact-sampling': 'Exact ridge regression' } }));
    const svg = await figureToSvg(figure);
    expect(svg).toContain('Exact ridge regression');
    expect(svg).not.toContain('>Exact sampling');
    const table = only([row('theory', 10, 1), row('exact-sampling', 10, 0.95, 0.01)]);
    for (const [called, words] of [
      ['Exact ridge regression ± 1 s.e.', 'exact ridge regression'],
      ['HMC ± 1 s.e.', 'HMC'],
      ['ReLU networks', 'ReLU networks'],
    ]) {
      const { frames, description } = sweepFigure(table, bias({ names: { 'exact-sampling': called } }));
      expect(frames[0].residual?.title).toContain(`${words} − theory`);
      expect(description).toContain(`${words} is within`);
    }
  });

  it('calls a line a guide where no theory says it: beside it, in the legend and in the caption', async () => {
    const figure = sweepFigure(sampleTable(), bias({ guide: 'guide, falls as 1/N', residuals: false }));
    expect(figure.frames[0].series.find(({ role }) => role === 'theory')?.label).toBe('guide, falls as 1/N');
    expect(figure.caption).toContain('Lines: guide, falls as 1/N.');
    expect(`${figure.caption} ${await figureToSvg({ ...figure, description: '' })}`).not.toMatch(
      /[Tt]heory where|>Theory</,
    );
    expect(await figureToSvg(figure)).toContain('>Guide, falls as 1/N<');
  });

  it('names draws of the same once, none of them pale, where they are said to be alike', () => {
    const draws = ['first', 'second', 'third'].map((source) => ({ ...row('gradient-descent', 10, 1), source }));
    const told = (alike: boolean) => sweepFigure(only(draws), bias({ alike })).frames[0].series;
    expect(told(true).map(({ label, faded }) => [label, faded])).toEqual([
      ['gradient descent', false],
      ['', false],
      ['', false],
    ]);
    expect(told(false).map(({ label, faded }) => [label, faded])).toEqual([
      ['gradient descent, first', false],
      ['gradient descent, second', true],
      ['gradient descent, third', true],
    ]);
  });

  it('gives all frames one value axis on demand, that of all their values, and refuses scales that differ', () => {
    const apart = sweepFigure(sampleTable(), sampleOptions).frames.map(({ y }) => y.domain);
    const same = sweepFigure(sampleTable(), { ...sampleOptions, sameScale: true }).frames.map(({ y }) => y);
    expect(same[0]).toEqual(same[1]);
    expect(same[0].domain[0]).toBeLessThanOrEqual(Math.min(...apart.map(([low]) => low)));
    expect(same[0].domain[1]).toBeGreaterThanOrEqual(Math.max(...apart.map(([, high]) => high)));
    const [linear, other] = sampleOptions.frames;
    expect(
      messageOf(() =>
        sweepFigure(sampleTable(), {
          ...sampleOptions,
          frames: [linear, { ...other, scale: 'log' }],
          sameScale: true,
        }),
      ),
    ).toMatch(/GGDLN_INPUT.*sameScale with linear and log frames.*Give all frames the same scale/s);
  });

  it('counts layers and tasks from the first of them, in whole numbers', () => {
    const table = only([1, 2, 5].map((x) => row('theory', x, 1 / x)));
    const { x } = sweepFigure(table, bias({ x: { ...sampleOptions.x, scale: 'linear', whole: true } }));
    expect(x.ticks.map(({ label }) => label)).toEqual(['1', '2', '3', '4', '5']);
    const none = sweepFigure(table, bias({ x: { ...sampleOptions.x, scale: 'linear' } }));
    expect(none.x.domain[0]).toBe(0);
  });

  it('has a residual only where theory was evaluated, and no residual frame without any', () => {
    const table = only([row('theory', 10, 1), row('theory', 30, 0.9), row('exact-sampling', 20, 0.95, 0.01)]);
    expect(sweepFigure(table, bias()).frames[0].residual).toBeNull();
    const more = only([...table.rows, row('exact-sampling', 30, 0.89, 0.01)]);
    expect(sweepFigure(more, bias()).frames[0].residual?.residuals.map(({ x }) => x)).toEqual([30]);
    expect(sweepFigure(more, bias({ residuals: false })).frames[0].residual).toBeNull();
  });

  it('lets samplers set the residual scale, and gradient descent only if it is alone', () => {
    const alone = [row('theory', 10, 1), row('gradient-descent', 10, 0.5)];
    const [low] = sweepFigure(only(alone), bias()).frames[0].residual?.y.domain ?? [];
    expect(low).toBeLessThanOrEqual(-0.5);
    const both = sweepFigure(only([...alone, row('exact-sampling', 10, 0.99, 0.005)]), bias());
    expect(both.frames[0].residual?.y.domain[0]).toBeGreaterThan(-0.05);
    expect(both.caption).toContain('off the lower scale');
  });

  it('draws infinite width as one constant when it does not depend on x', () => {
    const theory = [row('theory', 10, 1), row('theory', 30, 0.9)];
    const constant = (rows: readonly Row[]) =>
      sweepFigure(only([...theory, ...rows]), bias()).frames[0].series.find(({ role }) => role === 'infinite-width')
        ?.constant;
    expect(constant([row('infinite-width', null, 0.7)])).toBe(0.7);
    expect(constant([row('infinite-width', 10, 0.7), row('infinite-width', 30, 0.7)])).toBe(0.7);
    expect(constant([row('infinite-width', 10, 0.7), row('infinite-width', 30, 0.6)])).toBeNull();
    expect(constant([row('infinite-width', 10, 0.7)])).toBeNull();
  });

  it('keeps the hue of a second source of one role, at half opacity', () => {
    const second = { ...row('exact-sampling', 10, 0.98, 0.01), source: 'other' };
    const figure = sweepFigure(only([row('theory', 10, 1), row('exact-sampling', 10, 0.99, 0.01), second]), bias());
    const sampled = figure.frames[0].series.filter(({ role }) => role === 'exact-sampling');
    expect(sampled.map(({ faded }) => faded)).toEqual([false, true]);
    expect(sampled[1].label).toBe('exact sampling, other');
  });

  it('says the result in words, rounding "within" upwards', () => {
    const table = only([row('theory', 10, 1), row('exact-sampling', 10, 0.99501, 0.01)]);
    expect(sweepFigure(table, bias()).description).toBe(
      'Bias: theory is 1 at hidden width N = 10; exact sampling is within 0.5 % of theory at 1 value of hidden width N (10).',
    );
  });
});

describe('sweepFigure refuses', () => {
  const table = sampleTable();
  const cases: readonly (readonly [what: string, run: () => unknown, message: RegExp])[] = [
    [
      'an unknown metric',
      () => sweepFigure(table, bias({ frames: [{ ...sampleOptions.frames[0], metric: 'varience' }] })),
      /UNKNOWN_NAME.*unknown metric "varience".*Did you mean variance/,
    ],
    [
      'an unknown x column',
      () => sweepFigure(table, bias({ x: { ...sampleOptions.x, column: 'width' } })),
      /unknown column "width".*architecture\.width/,
    ],
    ['an empty table', () => sweepFigure(createTable([]), bias()), /GGDLN_INPUT.*no rows/],
    [
      'no finite values',
      () => sweepFigure(only([row('theory', 10, null), row('theory', 30, null)]), bias()),
      /metric "bias" has no finite value in its 2 rows/,
    ],
    [
      'x = 0 on a log axis',
      () => sweepFigure(only([row('theory', 0, 1)]), bias()),
      /architecture\.width = 0 on a log axis/,
    ],
    [
      'a value of 0 on a log axis',
      () => sweepFigure(only([row('theory', 1, 0)]), bias({ frames: [{ ...sampleOptions.frames[0], scale: 'log' }] })),
      /metric "bias" has the value 0 on a log axis/,
    ],
    [
      'a missing x',
      () => sweepFigure(only([row('theory', null, 1)]), bias()),
      /\(theory\) has architecture\.width = null/,
    ],
    [
      'infinite width alone',
      () => sweepFigure(only([row('infinite-width', null, 1)]), bias()),
      /no row has a value of architecture\.width/,
    ],
    ['a width', () => sweepFigure(table, bias({ width: 800 as FigureWidth })), /width is 800 px.*340, 700, 1040/],
    ['a theme', () => sweepFigure(table, bias({ theme: 'drak' as ThemeName })), /unknown theme "drak".*dark/],
    ['no frames', () => sweepFigure(table, bias({ frames: [] })), /frames is empty.*at least one metric/],
    ['an unknown role', () => sweepFigure(only([row('exact-sampler', 10, 1)]), bias()), /unknown role.*exact-sampling/],
    ['a negative stderr', () => sweepFigure(only([row('theory', 10, 1, -1)]), bias()), /row 0 has stderr -1/],
    [
      'two values at one x',
      () => sweepFigure(only([row('theory', 10, 1), row('theory', 10, 2)]), bias()),
      /theory \(theory\), metric "bias" has two values at x = 10.*one sweep axis/,
    ],
  ];
  it.each(cases)('%s', (_, run, message) => {
    expect(messageOf(run)).toMatch(message);
  });
});
