import { describe, expect, it } from 'vitest';
import { type Frame, labelFrame, linearAxis, type Rect, type Series } from '../src/index.ts';

const box: Rect = { x: 0, y: 0, width: 300, height: 200 };
const seriesAt = (value: number): Series => ({
  role: 'theory',
  source: 'flat',
  label: 'flat',
  faded: false,
  group: null,
  constant: null,
  points: [0, 1].map((x) => ({ x, value, stderr: null })),
});

describe('labelFrame', () => {
  it('keeps the halo of a label off the axis below, however near to it the line is', () => {
    for (let value = 0; value <= 0.2; value += 0.01) {
      const y = linearAxis([0, 1]);
      const frame: Frame = { metric: '', title: '', note: '', label: '', y, series: [seriesAt(value)], residual: null };
      const scales = { x: (at: number) => 300 * at, y: (at: number) => 200 * (1 - at) };
      const [{ rect }] = labelFrame(frame, scales, box, 13);
      expect(rect.y + rect.height).toBeLessThanOrEqual(200 - 4);
    }
  });
});
