import type { Json, JsonObject } from '../json.ts';
import type { Option } from '../options.ts';
import type { Row } from '../table.ts';
import type { Matrix } from './linalg.ts';
import type { RoleNames, SourceRole } from './sourceRole.ts';
import type { StudyAxis, StudyMetric } from './study.ts';

/** A value that can be watched; framework-neutral. */
export interface Readable<Value> {
  get(): Value;
  /** Calls back after every change, not at once. @returns Ends it. */
  subscribe(listener: () => void): () => void;
}

export interface Writable<Value> extends Readable<Value> {
  set(value: Value): void;
}

/** Numbers of one point over the course of its run, all of one length. */
export interface PointHistory {
  readonly steps: readonly number[];
  /** By metric, e.g. `bias`; `null` where there is no estimate yet. */
  readonly values: { readonly [metric: string]: readonly (number | null)[] };
  readonly stderrs: { readonly [metric: string]: readonly (number | null)[] };
}

/** One learner or theory at one place of the sweep, as it stood at the snapshot that is shown. */
export interface PointView {
  readonly id: string;
  readonly source: string;
  readonly role: SourceRole;
  /** Where it is on every axis of the sweep. */
  readonly axes: { readonly [path: string]: string | number | boolean };
  readonly status: 'waiting' | 'running' | 'done' | 'failed';
  readonly step: number;
  readonly total: number;
  /** Estimates of fewer than 20 batches, or of batches shorter than 5 autocorrelation times: drawn hollow, without z. */
  readonly provisional: boolean;
  readonly metrics: readonly { readonly metric: string; readonly value: number; readonly stderr: number | null }[];
  /** `mean`, `variance` (P_test × C), `target`, order parameters `U1`, …; standard errors end in `_stderr`. */
  readonly arrays: { readonly [name: string]: Matrix };
  readonly diagnostics: { readonly [name: string]: { readonly value: number | null; readonly stderr: number | null } };
  readonly history: PointHistory;
  /** Its data and gates where they aren't those of the run's first point, as in a sweep of the number of gates. */
  readonly problem?: ProblemView;
  /** Why it failed: what happened, and what to change. */
  readonly error?: {
    readonly code: string;
    readonly problem: string;
    readonly remedy: string;
    /** What to set to cure it, paths as in `--set`: offered as one press. */
    readonly changes?: { readonly [path: string]: Json };
  };
}

/** Data and gates of the run, for pictures. Large sets are cut to their first rows. */
export interface ProblemView {
  /** Inputs, P × N0. */
  readonly trainX: Matrix;
  readonly trainY: Matrix;
  readonly testX: Matrix;
  readonly testY: Matrix;
  /** Gates of each layer on the training inputs, top first. */
  readonly trainGates: readonly Matrix[];
  readonly testGates: readonly Matrix[];
  readonly gateNames: readonly (readonly string[])[];
  /** What each gating's `fit` gave, top layer first, e.g. half-space normals. */
  readonly gatingStates: readonly JsonObject[];
  /** Sizes before the cut. */
  readonly trainSize: number;
  readonly testSize: number;
  readonly provenance: JsonObject;
  /** Height and width of images, where inputs are images. */
  readonly image?: readonly [height: number, width: number];
}

/** All that a panel can show: a run as it stood at one snapshot. Never changed in place. */
export interface RunView {
  /** The experiment file that gives these numbers. */
  readonly spec: Json;
  readonly title: string;
  /** Axis of the main plot and the metrics drawn against it. */
  readonly axis: StudyAxis | undefined;
  readonly metrics: readonly StudyMetric[];
  /** Column whose values are drawn as series of their own. */
  readonly groupBy?: string;
  /** Its name with its symbol, e.g. `prior deviation σ`, where its values don't say themselves what they are. */
  readonly groupLabel?: string;
  /** What legends call roles, where not by their own names. */
  readonly roleNames?: RoleNames;
  /** Tidy rows of all points, or of the study. */
  readonly rows: readonly Row[];
  /** Empty for a study. */
  readonly points: readonly PointView[];
  /** Of the place that is selected: a panel gets the view with the data and gates that stand there. */
  readonly problem: ProblemView | undefined;
  /** Of a study. */
  readonly arrays: { readonly [name: string]: Matrix };
  readonly diagnostics: { readonly [name: string]: { readonly value: number; readonly stderr?: number } };
  /** Page and section that explain what runs, e.g. `ndk/6`. */
  readonly equation?: string;
  /** Registry name of the study; absent for an experiment of five parts. */
  readonly study?: string;
  readonly status: 'empty' | 'running' | 'paused' | 'done' | 'stopped' | 'failed';
  /** Which snapshot is shown, of how many; `live` while the newest is. */
  readonly snapshot: { readonly index: number; readonly count: number; readonly live: boolean };
  /** Everything a reader should know: warnings of all parts. */
  readonly warnings: readonly string[];
}

/** What is pointed at, everywhere at once. */
export interface Selection {
  /** Value on the main axis, e.g. a width. */
  readonly x?: number;
  /** Index of a test input. */
  readonly sample?: number;
  /** Two gates (row and column of U), or one. */
  readonly gates?: readonly number[];
  readonly mode?: number;
  readonly task?: number;
  /** Stays until it is released; otherwise it is only hovered. */
  readonly pinned?: boolean;
}

/** What a panel works with. */
export interface PanelContext {
  readonly view: Readable<RunView>;
  readonly selection: Writable<Selection>;
  readonly theme: Readable<'light' | 'dark'>;
  /** Changes the experiment, e.g. `{ 'gating.angles': '0,60,120' }`; paths as in `--set`. */
  edit(changes: { readonly [path: string]: Json }, options?: { readonly passing?: boolean }): void;
  /** Says one sentence to people who use a screen reader. */
  announce(sentence: string): void;
  /** The option at a path as in `--set`, for its title, symbol and unit; `undefined` where there is none. */
  optionAt?(path: string): Option | undefined;
}

/** The part of an element that the contract needs; panels get an `HTMLElement`. */
export interface PanelElement {
  readonly ownerDocument: unknown;
}

/** A picture of a run. It draws what it is given and computes nothing long. */
export interface PanelEntry {
  /** What it shows, not how, e.g. `Order parameter U`. */
  readonly title: string;
  readonly summary: string;
  /** Page and section behind the header's link, e.g. `ggdln/2`; a function where they depend on the run. */
  readonly equation?: string | ((view: RunView) => string | undefined);
  /** Columns of six that it takes on a wide screen. */
  readonly span: 2 | 3 | 4 | 6;
  /** Whether it has something to show; it is mounted only then. Must be cheap. */
  accepts(view: RunView): boolean;
  /** The title where it depends on the run, e.g. `Bias and variance against width`. */
  heading?(view: RunView, selection: Selection): string;
  /** The line under the title: quantity, N, units, sample size. */
  describe?(view: RunView, selection: Selection): string;
  /** The numbers of the picture as rows: the table twin. */
  table(view: RunView, selection: Selection): readonly Row[];
  /**
   * Draws into the element and keeps it up to date with `context.view`, `context.selection` and `context.theme`.
   * @returns Removes every listener; the element's content is cleared by the caller.
   */
  mount(element: PanelElement, context: PanelContext): () => void;
}
