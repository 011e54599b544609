import { decayingStepSize } from '@ggdln/learning';
import { type GlnShape, nameOf } from './common.ts';

/** A row of the table. */
export interface Case extends GlnShape {
  /** Training images, and test images; both the first ones in file order. */
  readonly images: readonly [train: number, test: number];
  /** How steps or the start differ from those of the other rows. */
  readonly variant?: string;
  /** η_t by the number of examples learned from; default min(0.003, 1/(1 + 0.1 t)). */
  readonly rate?: (steps: number) => number;
  /** What the theory page found on the test images, and on the last 1000 training images before the update. */
  readonly target: { readonly test: number; readonly online: number };
  /** Standard deviation between draws of half-spaces, at full size (here, eight or three draws). */
  readonly scatter: number;
  /** What the page's one model of this shape found on other images. */
  readonly elsewhere?: readonly Slice[];
}

/** Images that no network has learned from. */
export interface Slice {
  readonly name: string;
  readonly part: 'train' | 'test';
  /** The first, and the one after the last. */
  readonly images: readonly [from: number, to: number];
  readonly target: number;
}

/** Images of most rows. */
export const USUAL = [5000, 2000] as const;
const LONG = [20_000, 5000] as const;
const ELSEWHERE: readonly Slice[] = [
  { name: 'last 2000 test images', part: 'test', images: [8000, 10_000], target: 0.942 },
  { name: 'unseen training images', part: 'train', images: [10_000, 12_000], target: 0.916 },
];
const usual = { layers: [20, 1], bits: 4, images: USUAL, scatter: 0.004 };
/** Steps of most rows. */
export const standard: (steps: number) => number = decayingStepSize({ max: 0.003 });

/** Theory page gln, section 1: the table of one pass, line by line. */
export const CASES: readonly Case[] = [
  { layers: [1], bits: 0, images: USUAL, target: { test: 0.86, online: 0.885 }, scatter: 0 },
  { layers: [1], bits: 4, images: USUAL, target: { test: 0.813, online: 0.867 }, scatter: 0.011 },
  { ...usual, target: { test: 0.883, online: 0.92 }, elsewhere: ELSEWHERE },
  { layers: [20, 20, 1], bits: 1, images: USUAL, target: { test: 0.85, online: 0.878 }, scatter: 0.005 },
  {
    ...usual,
    variant: 'steps up to 0.01',
    rate: decayingStepSize({ max: 0.01 }),
    target: { test: 0.887, online: 0.923 },
  },
  { ...usual, variant: 'weights from 0', initialWeight: 0, target: { test: 0.885, online: 0.921 } },
  { ...usual, variant: 'steps of 0.003', rate: () => 0.003, target: { test: 0.882, online: 0.92 } },
  { ...usual, bits: 8, target: { test: 0.879, online: 0.907 } },
  { layers: [50, 1], bits: 4, images: LONG, target: { test: 0.897, online: 0.921 }, scatter: 0.004 },
];

/** e.g. `[20, 1], B = 4, weights from 0`. */
export const rowName = (shape: Case): string => nameOf(shape) + (shape.variant ? `, ${shape.variant}` : '');
