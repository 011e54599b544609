import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains, distance, overlaps, placeLabels, type Rect } from '../src/placement.ts';

const frame: Rect = { x: 0, y: 0, width: 300, height: 200 };

describe('placeLabels', () => {
  it('never touches an obstacle, another label or the edge, whatever there is', () => {
    const place = fc.record({ x: fc.integer({ min: -50, max: 320 }), y: fc.integer({ min: -50, max: 220 }) });
    const obstacles = fc.array(fc.tuple(place, fc.integer({ min: 0, max: 3 })), { maxLength: 60 });
    const requests = fc.array(fc.array(fc.tuple(place, fc.double({ min: 0, max: 2, noNaN: true }))), { maxLength: 4 });
    fc.assert(
      fc.property(obstacles, requests, (discs, wanted) => {
        const all = discs.map(([at, owner]) => ({ ...at, radius: 6, owner }));
        const labels = wanted.map((places) => ({
          width: 60,
          height: 12,
          candidates: places.map(([at, cost]) => ({ ...at, cost })),
        }));
        const placed = placeLabels(labels, all, frame).filter((rect) => rect !== null);
        for (const [i, rect] of placed.entries()) {
          expect(contains(frame, rect)).toBe(true);
          for (const disc of all) expect(distance(rect, disc)).toBeGreaterThan(disc.radius);
          for (const other of placed.slice(i + 1)) expect(overlaps(rect, other)).toBe(false);
        }
      }),
    );
  });

  it('takes the cheapest place, but not beside another series', () => {
    const candidates = [
      { x: 10, y: 10, cost: 0.1 },
      { x: 10, y: 100, cost: 0.2 },
    ];
    const request = { width: 40, height: 12, candidates };
    expect(placeLabels([request], [], frame)).toEqual([{ x: 10, y: 10, width: 40, height: 12 }]);
    const neighbour = { x: 55, y: 16, radius: 2, owner: 1 };
    expect(placeLabels([request], [neighbour], frame)[0]?.y).toBe(100);
    // Its own mark there is what a label is for.
    expect(placeLabels([request], [{ ...neighbour, owner: 0 }], frame)[0]?.y).toBe(10);
  });

  it('leaves a label out rather than over data', () => {
    const request = { width: 40, height: 12, candidates: [{ x: 10, y: 10, cost: 0 }] };
    expect(placeLabels([request], [{ x: 20, y: 15, radius: 3, owner: 0 }], frame)).toEqual([null]);
  });
});
