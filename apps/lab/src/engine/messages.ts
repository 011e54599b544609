import type { PointHistory, PointView, ProblemView, StudyResult } from '@ggdln/core';
import type { PluginFile } from '../ownPlugins/pluginFile.ts';
import type { LabSpec } from '../state/labState.ts';
import type { Backends, LabError, Speed } from './session.ts';

/** A file of the user's own, as a worker gets it. */
export interface OwnFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Which half of an experiment a worker computes. Theory has its own, so that it answers while networks train. */
export type Half = 'theory' | 'simulation';

/** What the page asks of a worker. Every answer carries the number of the `open` that it belongs to. */
export type Request =
  | {
      readonly type: 'open';
      readonly run: number;
      readonly half: Half;
      readonly spec: LabSpec;
      readonly files: readonly OwnFile[];
      /** Of the user's own, beside those of the build. */
      readonly plugins: readonly PluginFile[];
    }
  | { readonly type: 'play'; readonly speed: Speed }
  | { readonly type: 'pause' }
  /** One step of every point, then pause. */
  | { readonly type: 'step' }
  | { readonly type: 'close' };

/** A point as far as a worker knows it: the view without what only the page keeps. */
export type PointState = Omit<PointView, 'history' | 'problem' | 'id' | 'source' | 'role' | 'axes'>;

/** What a point is, told once. */
export type PointPlace = Pick<PointView, 'id' | 'source' | 'role' | 'axes'>;

/** What a worker tells the page. */
export type Report = { readonly run: number } & (
  | { readonly type: 'backends'; readonly backends: Backends }
  | { readonly type: 'planned'; readonly points: readonly PointPlace[] }
  /** Of the first point. */
  | { readonly type: 'problem'; readonly problem: ProblemView }
  /** Of further points: what of their problem isn't that of the first. */
  | { readonly type: 'point-problem'; readonly ids: readonly string[]; readonly problem: Partial<ProblemView> }
  /** Seconds that all simulation points will take at the speed of their first steps. */
  | { readonly type: 'estimate'; readonly seconds: number; readonly bytes: number; readonly dominant: string }
  | { readonly type: 'point'; readonly id: string; readonly state: PointState }
  | {
      readonly type: 'study';
      readonly result: StudyResult;
      readonly stage: string;
      readonly step: number;
      readonly total: number;
      readonly done: boolean;
    }
  | {
      readonly type: 'progress';
      readonly step: number;
      readonly total: number;
      readonly unit: string;
      /** Of all the work, from 0 to 1. */
      readonly share: number;
    }
  | { readonly type: 'warning'; readonly message: string }
  | { readonly type: 'ready' }
  | { readonly type: 'paused' }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly error: LabError }
);

/** A report as workers write it; who posts it adds the number of the run. */
export type Told = Report extends infer One ? (One extends unknown ? Omit<One, 'run'> : never) : never;

/** An empty course of a point. */
export const noHistory: PointHistory = { steps: [], values: {}, stderrs: {} };
