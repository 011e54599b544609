import type { ProblemView, Registry } from '@ggdln/core';
import type { LabSpec } from '../state/labState.ts';
import type { Store } from '../state/store.ts';
import type { Faults } from './faults.ts';

/** What every part of the column needs. */
export interface ComposeContext {
  readonly store: Store;
  readonly registry: Registry;
  readonly spec: LabSpec;
  readonly faults: Faults;
  readonly problem: ProblemView | undefined;
  /** Says under the stages what an edit did besides what was asked. */
  say(notes: readonly string[]): void;
}
