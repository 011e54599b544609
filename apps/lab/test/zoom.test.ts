// @vitest-environment jsdom
import { linearAxis, logAxis } from '@ggdln/plot';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { axisOver } from '../src/charts/scales.ts';
import {
  createWindows,
  endsIn,
  type Fingers,
  gripAt,
  grippedBox,
  pinchAt,
  pinched,
  type ZoomFrame,
} from '../src/charts/zoom.ts';
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

describe('windows at their ends', () => {
  it('are never narrower than numbers can tell apart, and never show the whole instead', () => {
    const windows = createWindows();
    windows.axis('y', frame.y.axis);
    for (let i = 0; i < 80; i++) windows.scale('y', 0.5, 0.3);
    const { domain } = windows.axis('y', frame.y.axis);
    expect(domain[1] - domain[0]).toBeLessThan(1e-6);
    expect(domain[1]).toBeGreaterThan(domain[0]);
    expect(domain[0]).toBeLessThanOrEqual(0.3);
    expect(domain[1]).toBeGreaterThanOrEqual(0.3);
  });

  it('stay in the whole whatever they are set to', () => {
    const windows = createWindows();
    const whole = windows.axis('x', frame.x.axis).domain;
    windows.set('x', [whole[0] / 5, whole[0] * 2]);
    const [low, high] = windows.shown('x') ?? [0, 0];
    expect(low).toBeCloseTo(whole[0], 8);
    expect(high).toBeLessThanOrEqual(whole[1]);
    windows.set('x', [-5, 30]);
    expect(windows.shown('x')).toEqual([low, high]);
    windows.set('x', [whole[0] / 2, whole[1] * 2]);
    expect(windows.zoomed).toBe(false);
  });
});

describe('two fingers', () => {
  const inside: Fingers = [
    [130, 60],
    [170, 80],
  ];
  const share = (key: string, [low, high]: readonly [number, number]) =>
    key === 'x'
      ? Math.log10(high / low) / Math.log10(frame.x.axis.domain[1] / frame.x.axis.domain[0])
      : (high - low) / (frame.y.axis.domain[1] - frame.y.axis.domain[0]);

  it('narrow both axes alike by as much as they go apart, about what is between them', () => {
    const grip = pinchAt([frame], inside);
    expect(grip?.along).toBe('both');
    if (!grip) return;
    const apart = pinched(grip, inside, [
      [110, 50],
      [190, 90],
    ]);
    expect(apart.map(({ key }) => key)).toEqual(['x', 'y']);
    for (const { key, ends } of apart) expect(share(key, ends)).toBeCloseTo(0.5, 10);
    // Between the fingers: half of the way along x, half of the way down.
    const middle = Math.sqrt(frame.x.axis.domain[0] * frame.x.axis.domain[1]);
    expect(Math.sqrt(apart[0].ends[0] * apart[0].ends[1])).toBeCloseTo(middle, 6);
    const [bottom, top] = frame.y.axis.domain;
    expect((apart[1].ends[0] + apart[1].ends[1]) / 2).toBeCloseTo((bottom + top) / 2, 10);
  });

  it('move along what they don’t narrow, and change nothing where they rest', () => {
    const grip = pinchAt([frame], inside);
    if (!grip) throw new Error('nothing is between them');
    for (const { key, ends } of pinched(grip, inside, inside)) expect(share(key, ends)).toBeCloseTo(1, 10);
    const [, up] = pinched(grip, inside, [
      [130, 70],
      [170, 90],
    ]);
    // Ten px of a hundred down: higher values come into view.
    const [bottom, top] = frame.y.axis.domain;
    const tenth = (top - bottom) / 10;
    expect(up.ends[0]).toBeCloseTo(bottom + tenth, 10);
    expect(up.ends[1]).toBeCloseTo(top + tenth, 10);
  });

  it('on an axis narrow that axis alone', () => {
    const below: Fingers = [
      [120, 140],
      [160, 140],
    ];
    const grip = pinchAt([frame], below);
    expect(grip && pinched(grip, below, [[100, 140], below[1]]).map(({ key }) => key)).toEqual(['x']);
    expect(pinchAt([frame], [[600, 10], below[1]])).toBeUndefined();
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
    const touch = (type: string, pointerId: number, clientX: number, clientY: number) => {
      const event = new MouseEvent(type, { clientX, clientY, button: 0, bubbles: true });
      chart?.dispatchEvent(Object.assign(event, { pointerId, pointerType: 'touch' }));
    };
    const said = context.said.length;
    touch('pointerdown', 1, 140, 80);
    touch('pointerdown', 2, 180, 110);
    touch('pointermove', 2, 200, 140);
    touch('pointermove', 1, 110, 60);
    touch('pointerup', 2, 200, 140);
    touch('pointermove', 1, 60, 20);
    touch('pointerup', 1, 60, 20);
    touch('click', 1, 60, 20);
    expect(context.said.slice(said)).toEqual([expect.stringMatching(/^Zoomed: hidden width N from .*, Bias from /)]);
    expect(context.selection.get().x).toBeUndefined();
    await vi.waitFor(() => expect(fit?.hidden).toBe(false), PATIENCE);
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
