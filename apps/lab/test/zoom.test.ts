// @vitest-environment jsdom
import { linearAxis, logAxis } from '@ggdln/plot';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { axisOver } from '../src/charts/scales.ts';
import { createWindows, endsIn, gripAt, grippedBox, type ZoomFrame } from '../src/charts/zoom.ts';
import { curves } from '../src/panels/curves.ts';
import { recordedView } from '../src/panels/recorded.ts';
import { runOf, testContext } from './panelsSupport.ts';

const PATIENCE = { timeout: 20_000, interval: 20 };
const frame: ZoomFrame = {
  box: { x: 50, y: 20, width: 200, height: 100 },
  x: { key: 'x', name: 'hidden width N', axis: logAxis([10, 1000]) },
  y: { key: 'y', name: 'bias', axis: linearAxis([0, 1]) },
};

describe('an axis over a stretch', () => {
  it.each([
    [20, 400],
    [95, 105],
    [1e-7, 3],
    [99.9, 100],
  ])('of a log axis has ticks within %d to %d and ends there', (low, high) => {
    const axis = axisOver(logAxis([1e-8, 1e4]), [low, high]);
    expect(axis.domain).toEqual([low, high]);
    expect(axis.ticks.length).toBeGreaterThanOrEqual(2);
    for (const { value, label } of axis.ticks) {
      expect(value).toBeGreaterThanOrEqual(low);
      expect(value).toBeLessThanOrEqual(high);
      expect(label).not.toMatch(/NaN/);
    }
    expect(new Set(axis.ticks.map(({ label }) => label)).size).toBe(axis.ticks.length);
  });

  it('is the whole where the stretch is nothing or lies the wrong way round', () => {
    const whole = linearAxis([0, 1]);
    for (const ends of [
      [0.5, 0.5],
      [0.6, 0.4],
      [Number.NaN, 1],
    ] as const)
      expect(axisOver(whole, ends)).toBe(whole);
  });
});

describe('windows', () => {
  it('come back to the whole when they are widened as often as they were narrowed', () => {
    const windows = createWindows();
    windows.axis('x', frame.x.axis);
    for (const _ of [1, 2, 3]) windows.scale('x', 0.5, 30);
    const [low, high] = windows.shown('x') ?? [0, 0];
    // Three times half of the decades.
    const decades = Math.log10(frame.x.axis.domain[1] / frame.x.axis.domain[0]);
    expect(Math.log10(high / low)).toBeCloseTo(decades / 8, 10);
    expect(low).toBeLessThan(30);
    expect(high).toBeGreaterThan(30);
    for (const _ of [1, 2, 3]) windows.scale('x', 2);
    expect(windows.zoomed).toBe(false);
  });

  it('move until a value is in view, keep their width, and never leave the whole', () => {
    const windows = createWindows();
    const whole = windows.axis('y', frame.y.axis).domain;
    windows.set('y', [0.2, 0.4]);
    windows.reveal('y', 0.9);
    const [low, high] = windows.shown('y') ?? [0, 0];
    expect(high - low).toBeCloseTo(0.2, 10);
    expect(low < 0.9 && high > 0.9).toBe(true);
    windows.shift('y', 100);
    expect(windows.shown('y')?.[1]).toBeCloseTo(whole[1], 10);
  });
});

describe('hands', () => {
  it('take hold of a frame inside it, and of its axes beside it', () => {
    expect(gripAt([frame], [100, 60])?.along).toBe('both');
    expect(gripAt([frame], [100, 140])?.along).toBe('x');
    expect(gripAt([frame], [20, 60])?.along).toBe('y');
    expect(gripAt([frame], [400, 60])).toBeUndefined();
  });

  it('mean one side where a box is thin, and stay in the frame', () => {
    const { rect, along } = grippedBox({ frame, along: 'both' }, [100, 60], [900, 65]);
    expect(along).toBe('x');
    expect(rect).toEqual({ x: 100, y: 20, width: 150, height: 100 });
    const ends = endsIn(frame, rect);
    expect(ends.x[1]).toBeCloseTo(frame.x.axis.domain[1], 8);
    expect(ends.y[0]).toBeCloseTo(frame.y.axis.domain[0], 10);
  });
});

describe('curves', () => {
  let run = runOf([]);
  beforeAll(async () => {
    run = await recordedView('images');
  });
  afterEach(() => document.body.replaceChildren());

  it('zoom by a drag and by keys, say so, and show all again by the button', async () => {
    const element = document.body.appendChild(document.createElement('div'));
    const context = testContext(run);
    const dispose = curves.mount(element, context);
    const chart = element.querySelector<HTMLElement>('.chart');
    const fit = element.querySelector<HTMLButtonElement>('.chart-fit');
    const whole = chart?.innerHTML;
    expect(fit?.hidden).toBe(true);
    const point = (type: string, clientX: number, clientY: number) =>
      chart?.dispatchEvent(new MouseEvent(type, { clientX, clientY, button: 0, bubbles: true }));
    point('pointerdown', 120, 60);
    point('pointermove', 200, 120);
    point('pointerup', 200, 120);
    point('click', 200, 120);
    expect(context.said.at(-1)).toMatch(/^Zoomed: hidden width N from [\d.]+ to [\d. ]+, Bias from /);
    // What ends a drag chooses nothing.
    expect(context.selection.get().x).toBeUndefined();
    await vi.waitFor(() => expect(fit?.hidden).toBe(false), PATIENCE);
    expect(chart?.innerHTML).not.toBe(whole);
    expect(chart?.innerHTML).not.toMatch(/NaN|undefined|Infinity/);
    fit?.click();
    await vi.waitFor(() => expect(chart?.innerHTML).toBe(whole), PATIENCE);
    expect(fit?.hidden).toBe(true);
    const press = (key: string, more = {}) =>
      chart?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...more }));
    press('+');
    expect(context.said.at(-1)).toMatch(/^Zoomed: hidden width N/);
    press('ArrowUp', { shiftKey: true });
    expect(context.said.at(-1)).toMatch(/Bias from .* Variance from /);
    press('0');
    expect(context.said.at(-1)).toBe('All of it is shown.');
    await vi.waitFor(() => expect(chart?.innerHTML).toBe(whole), PATIENCE);
    dispose();
  });
});
