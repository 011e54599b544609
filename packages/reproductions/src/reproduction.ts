import type { Executor, FileSource, JsonObject, LinalgBackend, Matrix, OnProgress, Registry, Table } from '@ggdln/core';
import type { PlannedPoint, RunStore } from '@ggdln/experiments';
import type { KPathStore } from '@ggdln/learning/k-path';
import type { Drawing } from '@ggdln/plot';
import type { Check } from './checks.ts';

/** How much is computed: `quick` fits in a coffee break for all reproductions together, `paper` is for publishing. */
export const SCALES = ['quick', 'paper', 'test'] as const;
export type Scale = (typeof SCALES)[number];

/** What a reproduction works with. Nothing of it is global. */
export interface ReproductionContext {
  readonly scale: Scale;
  /** One seed for everything random; draws of data and gates count up from it. */
  readonly seed: number;
  readonly registry: Registry;
  readonly linalg: LinalgBackend;
  /** Where real data come from. */
  readonly files?: FileSource;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  /** Hears warnings of datasets, gates, learners and theories. */
  readonly onNote?: (text: string) => void;
  /** A store for the points of one experiment, so that an interrupted run goes on. Default: in memory. */
  readonly store?: (experiment: string) => Promise<RunStore>;
  /**
   * A store for the states of one network that is trained for long, so that an interrupted run goes on within it.
   * @param of What the network depends on. Default: none.
   */
  readonly states?: (of: JsonObject) => Promise<KPathStore & { close(): Promise<void> }>;
  /**
   * Opens what computes the points of one experiment, or `parts` of a simulation; it is closed when they are done. Processes need
   * `reproductionsPlugin` in their registry. Default: this process. The numbers don't depend on it.
   */
  readonly executor?: (experiment: string, points: readonly PlannedPoint[], parts?: number) => Promise<Executor>;
}

/** What a reproduction gives; every part is named, and written under that name. */
export interface ReproductionResult {
  readonly tables: { readonly [name: string]: Table };
  readonly arrays: { readonly [name: string]: Matrix };
  readonly figures: { readonly [name: string]: Drawing };
  readonly checks: readonly Check[];
  /** What a reader should know beside the numbers: settings, and why something differs. */
  readonly notes: readonly string[];
}

/** A figure or table of a paper: what is computed, and what it should show. */
export interface Reproduction {
  /** e.g. `ggdln/width-mnist`. */
  readonly name: string;
  /** A question or a statement, as the figure's title. */
  readonly title: string;
  /** Paper and section of the theory page. */
  readonly source: string;
  /** One sentence: what is computed and compared. */
  readonly summary: string;
  run(context: ReproductionContext): Promise<ReproductionResult>;
}

/** The same with a setting for each scale, which `run` is handed. */
export interface ReproductionParts<Setting> extends Omit<Reproduction, 'run'> {
  readonly settings: Readonly<Record<Scale, Setting>>;
  readonly run: (setting: Setting, context: ReproductionContext) => Promise<ReproductionResult>;
}

/** Makes a reproduction from its settings and a plain function. */
export function defineReproduction<Setting>(parts: ReproductionParts<Setting>): Reproduction {
  const { settings, run, ...rest } = parts;
  return { ...rest, run: (context) => run(settings[context.scale], context) };
}
