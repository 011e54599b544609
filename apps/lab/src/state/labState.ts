import type { Json } from '@ggdln/core';

/** An experiment file as the lab edits it: plain JSON, checked by the schemas of the registry when it is opened. */
export type LabSpec = { readonly [key: string]: Json };

/** How it is looked at; never changes a number. */
export interface ViewState {
  /** Names of panels in their order; absent: every panel that applies, in the order in which they are registered. */
  readonly panels?: readonly string[];
  /** Snapshot on screen; absent: the newest. */
  readonly snapshot?: number;
  /** Standard error of the first metric below which sampling pauses by itself. */
  readonly stopBelow?: number;
  /** Pinned value on the main axis. */
  readonly x?: number;
}

/** All that a shared link carries, and what undo and redo walk over. */
export interface LabState {
  readonly spec: LabSpec;
  readonly view: ViewState;
  /** Gallery item that it began as, for its title and text. */
  readonly item?: string;
  /** Names of plugins of somebody's own that the experiment has parts of. They are named, never loaded. */
  readonly needs?: readonly string[];
}
