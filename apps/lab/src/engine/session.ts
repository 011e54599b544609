import type { JsonObject, ProblemView, Readable, RunView } from '@ggdln/core';
import type { LabSpec } from '../state/labState.ts';
import type { StopRule } from './stopRule.ts';

/** What the transport shows. */
export interface RunStatus {
  readonly phase: 'opening' | 'ready' | 'running' | 'paused' | 'done' | 'stopped' | 'failed';
  /** One word or two: `Sampling`, `Training`, `Solving theory`, `Done`. */
  readonly word: string;
  /** From 0 to 1, over all points. */
  readonly progress: number;
  /** Steps done and in all of the point or study that leads, with their unit, e.g. `sweeps`. */
  readonly step: number;
  readonly total: number;
  readonly unit: string;
  readonly secondsLeft: number | undefined;
  /** Steps a second over the last two seconds. */
  readonly rate: number | undefined;
  /** Seconds that it has run. */
  readonly seconds: number;
}

/** What a run costs, told before it starts. */
export interface Estimate {
  readonly seconds: number;
  readonly bytes: number;
  /** The option that dominates, e.g. `dataset.trainSize`. */
  readonly dominant: string;
}

/** Why an experiment can't be opened or went wrong, in the words of its error. */
export interface LabError {
  readonly code: string;
  readonly problem: string;
  readonly remedy: string;
  /** Path in the spec that it is about, where that is known, e.g. `gating.gates`. */
  readonly path?: string;
  /** Options of the part that complains with values that cure it. */
  readonly changes?: JsonObject;
}

/** What numbers are computed with, e.g. `float64, wasm` and `tfjs-wasm 4.22.0 (float32, one thread)`. */
export interface Backends {
  readonly linalg: string;
  readonly tensor: string;
  readonly warning?: string;
}

export type Speed = 1 | 10 | 'full';

/**
 * One experiment being looked at: its workers, its snapshots, and what of them is on screen. The page holds one session
 * for its whole life; `open` replaces what it runs.
 */
export interface Session {
  readonly view: Readable<RunView>;
  readonly status: Readable<RunStatus>;
  readonly problem: Readable<ProblemView | undefined>;
  readonly estimate: Readable<Estimate | undefined>;
  readonly error: Readable<LabError | undefined>;
  readonly backends: Readable<Backends | undefined>;
  readonly speed: Readable<Speed>;
  readonly stopRule: Readable<StopRule | undefined>;
  /** What `view` shows is what an earlier experiment found: the one that is open has no numbers yet. */
  readonly earlier: Readable<boolean>;
  /**
   * Opens an experiment: loads its data, makes its gates, solves its theory. Simulation waits for `play`.
   * @param options.keep What the one before it found stays in `view` until this one has simulated numbers, or fails.
   */
  open(spec: LabSpec, options?: { readonly keep?: boolean }): void;
  /** The theory alone for an edit that passes by (a gate being dragged); simulation is thrown away. */
  glance(spec: LabSpec): void;
  play(): void;
  pause(): void;
  /** One sweep, epoch or task on, as the learner declares; pauses. */
  step(): void;
  /** Back to the identical initial weights. */
  reset(): void;
  /** Ends the run; what is there stays. */
  cancel(): void;
  setSpeed(speed: Speed): void;
  /** Pauses by itself once a metric is known well enough; `play` then goes on to the end. */
  setStopRule(rule: StopRule | undefined): void;
  /** Shows an earlier snapshot; `live` returns to the newest. */
  show(snapshot: number | 'live'): void;
  dispose(): void;
}
