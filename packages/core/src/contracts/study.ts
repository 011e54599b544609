import type { Table } from '../table.ts';
import type { RunContext } from './context.ts';
import type { Matrix } from './linalg.ts';

/** What the rows of a study are drawn against. */
export interface StudyAxis {
  /** Column of the table, e.g. `epoch`. */
  readonly column: string;
  /** Name and symbol, e.g. `load kd/m`. */
  readonly label: string;
  readonly unit?: string;
  readonly scale: 'linear' | 'log';
}

/** A quantity that a study follows: one frame of its figure. */
export interface StudyMetric {
  /** Value of the table's `metric` column. */
  readonly metric: string;
  readonly title: string;
  /** A few words opposite the title. */
  readonly note?: string;
  /** Name and symbol of the y axis. */
  readonly label: string;
  readonly unit?: string;
  readonly scale?: 'linear' | 'log';
  readonly zero?: boolean;
}

/** What a study has found so far, or at its end. */
export interface StudyResult {
  /** Tidy rows: the axis column, the `groupBy` column if there is one, `source`, `role`, `metric`, `value`, `stderr`. */
  readonly table: Table;
  /** By name, for panels and files, e.g. `forgetting theory`; standard errors end in `_stderr`. */
  readonly arrays: { readonly [name: string]: Matrix };
  /** Single numbers: limits, transition points, identities that should vanish, residuals. */
  readonly diagnostics: { readonly [name: string]: { readonly value: number; readonly stderr?: number } };
}

export interface StudySnapshot {
  readonly step: number;
  readonly total: number;
  /** What runs now, e.g. `gradient descent`. */
  readonly stage: string;
  readonly result: StudyResult;
}

/**
 * A closed system whose theory and simulation don't fall into dataset, gating, architecture, learner and theory: races
 * along paths, phases of learning, tasks in sequence. It runs both sides on the same problem and yields what it has.
 */
export interface Study {
  /** Theory first, then simulation as it comes. Stopping the iteration cancels the work. */
  run(context: RunContext): AsyncGenerator<StudySnapshot, StudyResult, void>;
}
