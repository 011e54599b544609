import type { Axis, Rect } from '@ggdln/plot';
import { axisOver, isStretch, scaleOf, valueAt } from './scales.ts';

/** An axis of a frame as it was drawn. */
interface ZoomAxis {
  /** Axes of one key show one stretch. */
  readonly key: string;
  /** For people, e.g. `hidden width N`. */
  readonly name: string;
  readonly axis: Axis;
}

/** A frame that hands can zoom. */
export interface ZoomFrame {
  readonly box: Rect;
  readonly x: ZoomAxis;
  readonly y: ZoomAxis;
}

type Ends = readonly [low: number, high: number];

/** What is shown of each axis. */
export interface Windows {
  readonly zoomed: boolean;
  /** Forgets everything when the key changes, e.g. another experiment. */
  begin(key: string): void;
  /** The axis to draw: the stretch that is shown, or all of it. */
  axis(key: string, whole: Axis): Axis;
  /** Shows a stretch: within the whole, and no narrower than numbers can tell its ends apart. */
  set(key: string, ends: Ends): void;
  /** The stretch of an axis that is shown; `undefined` where all of it is. */
  shown(key: string): Ends | undefined;
  /** Twice as much, or half, about a value; as much as there is at most. */
  scale(key: string, factor: number, about?: number): void;
  /** Along by a share of what is shown, to the ends of the whole at most. */
  shift(key: string, share: number): void;
  /** Moves what is shown until it holds a value. */
  reveal(key: string, value: number): void;
  clear(): void;
}

/** All of an axis, on the line of length 1 on which scales are linear. */
const ALL: Ends = [0, 1];

/** Ends of a stretch of an axis on its line of length 1. */
function placesOf(whole: Axis, [low, high]: Ends): Ends {
  const at = scaleOf(whole, 0, 1);
  return [at(low), at(high)];
}

/** The stretch between two places of the line, moved into it; all of it where that is as long. */
function stretchOf(whole: Axis, [from, to]: Ends): Ends | undefined {
  const width = to - from;
  // All but the rounding of it is all of it.
  if (width > 1 - 1e-9) return undefined;
  const start = Math.min(1 - width, Math.max(0, from));
  const value = valueAt(whole, 0, 1);
  return [value(start), value(start + width)];
}

/** Makes windows that show all of every axis. */
export function createWindows(): Windows {
  const shown = new Map<string, Ends>();
  const wholes = new Map<string, Axis>();
  let current = '';
  const places = (key: string, ends: Ends | undefined): Ends => {
    const whole = wholes.get(key);
    return whole && ends ? placesOf(whole, ends) : ALL;
  };
  const put = (key: string, wanted: Ends) => {
    const whole = wholes.get(key);
    // Logarithms of what isn't positive are no places.
    if (!whole || !wanted.every(Number.isFinite)) return;
    const ends = stretchOf(whole, wanted);
    if (!ends) shown.delete(key);
    else if (isStretch(ends)) shown.set(key, ends);
  };
  const now = (key: string): Ends => places(key, shown.get(key));
  return {
    get zoomed() {
      return shown.size > 0;
    },
    begin(key) {
      if (key !== current) shown.clear();
      current = key;
    },
    axis(key, whole) {
      wholes.set(key, whole);
      const ends = shown.get(key);
      return ends ? axisOver(whole, ends) : whole;
    },
    shown: (key) => shown.get(key),
    set: (key, ends) => put(key, places(key, ends)),
    scale(key, factor, about) {
      const [from, to] = now(key);
      const middle = about === undefined ? (from + to) / 2 : places(key, [about, about])[0];
      const fixed = middle >= from && middle <= to ? middle : (from + to) / 2;
      put(key, [fixed - (fixed - from) * factor, fixed + (to - fixed) * factor]);
    },
    shift(key, share) {
      const [from, to] = now(key);
      put(key, [from + share * (to - from), to + share * (to - from)]);
    },
    reveal(key, value) {
      if (!shown.has(key)) return;
      const [from, to] = now(key);
      const at = places(key, [value, value])[0];
      const room = 0.08 * (to - from);
      const by = at < from ? at - room - from : at > to ? at + room - to : 0;
      if (by !== 0) put(key, [from + by, to + by]);
    },
    clear: () => shown.clear(),
  };
}

/** What of a picture a hand took hold of. */
export interface ZoomGrip {
  readonly frame: ZoomFrame;
  /** `x` below a frame, `y` left of it, `both` in it. */
  readonly along: 'x' | 'y' | 'both';
}

/** How far from a frame its axes can be taken hold of, in px. */
const REACH = 44;
/** A box that is thinner than this in px is meant along the other side. */
const THIN = 12;

/** The frame or axis at a place of the picture. */
export function gripAt(frames: readonly ZoomFrame[], [x, y]: readonly [number, number]): ZoomGrip | undefined {
  for (const frame of frames) {
    const { box } = frame;
    const [right, bottom] = [box.x + box.width, box.y + box.height];
    const across = x >= box.x && x <= right;
    const down = y >= box.y && y <= bottom;
    if (across && down) return { frame, along: 'both' };
    if (across && y > bottom && y <= bottom + REACH) return { frame, along: 'x' };
    if (down && x < box.x && x >= box.x - REACH) return { frame, along: 'y' };
  }
  return undefined;
}

/** The part of a frame between two places, as a hand means it: the whole height for `x`, the whole width for `y`. */
export function grippedBox(
  { frame: { box }, along }: ZoomGrip,
  from: readonly [number, number],
  to: readonly [number, number],
): { readonly rect: Rect; readonly along: ZoomGrip['along'] } {
  const within = (low: number, size: number, at: number) => Math.min(low + size, Math.max(low, at));
  const [x0, x1] = [from[0], to[0]].map((at) => within(box.x, box.width, at)).sort((a, b) => a - b);
  const [y0, y1] = [from[1], to[1]].map((at) => within(box.y, box.height, at)).sort((a, b) => a - b);
  const meant = along !== 'both' ? along : y1 - y0 < THIN ? 'x' : x1 - x0 < THIN ? 'y' : 'both';
  return {
    rect: {
      x: meant === 'y' ? box.x : x0,
      width: meant === 'y' ? box.width : x1 - x0,
      y: meant === 'x' ? box.y : y0,
      height: meant === 'x' ? box.height : y1 - y0,
    },
    along: meant,
  };
}

/** The values at the ends of a part of a frame. */
export function endsIn({ box, x, y }: ZoomFrame, rect: Rect): { readonly x: Ends; readonly y: Ends } {
  const across = valueAt(x.axis, box.x, box.x + box.width);
  const down = valueAt(y.axis, box.y + box.height, box.y);
  return {
    x: [across(rect.x), across(rect.x + rect.width)],
    y: [down(rect.y + rect.height), down(rect.y)],
  };
}

/** Two fingers on a picture, in px. */
export type Fingers = readonly [readonly [number, number], readonly [number, number]];

const middleOf = ([a, b]: Fingers): readonly [number, number] => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
const spreadOf = ([a, b]: Fingers): number => Math.max(1, Math.hypot(a[0] - b[0], a[1] - b[1]));

/** What two fingers take hold of: the frame or axis between them. */
export const pinchAt = (frames: readonly ZoomFrame[], fingers: Fingers): ZoomGrip | undefined =>
  gripAt(frames, middleOf(fingers));

/**
 * What is to be shown after two fingers have moved: as much narrower as they are further apart, with what was between
 * them between them still. Both axes of a frame get narrower alike; one axis alone where that was taken hold of.
 * @returns Stretches by the keys of their axes; they may reach beyond the whole.
 */
export function pinched(
  { frame: { box, x, y }, along }: ZoomGrip,
  from: Fingers,
  to: Fingers,
): { readonly key: string; readonly ends: Ends }[] {
  const factor = spreadOf(from) / spreadOf(to);
  const [start, end] = [middleOf(from), middleOf(to)];
  const stretch = (axis: Axis, low: number, high: number, side: 0 | 1): Ends => {
    const value = valueAt(axis, low, high);
    const back = (at: number) => value(start[side] + (at - end[side]) * factor);
    return [back(low), back(high)];
  };
  const across = { key: x.key, ends: stretch(x.axis, box.x, box.x + box.width, 0) };
  const up = { key: y.key, ends: stretch(y.axis, box.y + box.height, box.y, 1) };
  return along === 'both' ? [across, up] : [along === 'x' ? across : up];
}
