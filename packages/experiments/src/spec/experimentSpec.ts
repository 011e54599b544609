import type { Json } from '@ggdln/core';

/** One value on an axis. Options that are lists are written as text, e.g. `'10,20'`. */
export type AxisValue = number | string | boolean;

/** Values by path, e.g. `{ 'architecture.width': [10, 30, 100] }`. Several axes make a grid. */
export type SweepSpec = { readonly [path: string]: readonly AxisValue[] };

/** How the values of an axis are drawn: between two bounds (both included), or from a list. */
export type Draw =
  | { readonly uniform: readonly [from: number, to: number] }
  /** Uniform in the logarithm; bounds > 0. */
  | { readonly 'log-uniform': readonly [from: number, to: number] }
  | { readonly choice: readonly AxisValue[] };

/** Points drawn at random, e.g. `{ count: 20, temperature: { 'log-uniform': [0.001, 1] } }`. */
export interface RandomSweep {
  /** How many points. More of them keep those that are there. */
  readonly count: number;
  readonly [path: string]: Draw | number;
}

/** The sweep of an experiment. Everything in it is crossed with everything else. */
export interface ExperimentSweep {
  /** Axes that move together: lists of the same length, read side by side. Several groups are crossed. */
  readonly together?: SweepSpec | readonly SweepSpec[];
  /** Axes whose values are drawn from the experiment's seed, jointly within a group. Several groups are crossed. */
  readonly random?: RandomSweep | readonly RandomSweep[];
  /** Short for the axis `seed` with this many seeds, from the experiment's own on. */
  readonly replicates?: number;
  /** Every other key is the path of an axis, with its values. */
  readonly [path: string]:
    | readonly AxisValue[]
    | SweepSpec
    | readonly SweepSpec[]
    | RandomSweep
    | readonly RandomSweep[]
    | number
    | undefined;
}

/** A plugin entry and its options, e.g. `{ use: 'half-spaces', gates: 6 }`. */
export interface PartSpec {
  /** Name of the entry in the registry. */
  readonly use: string;
  readonly [option: string]: Json | undefined;
}

/** A learner or a theory: besides its options it may have a name and sweep values of its own. */
export interface SourceSpec extends PartSpec {
  /** Name in tables and figures; needed when two parts use the same entry. Default: `use`. */
  readonly as?: string;
  /** Replaces the sweep's values for this part, axis by axis. */
  readonly at?: SweepSpec;
}

/** What the figure shows. */
export interface FigureSpec {
  /** The axis drawn on x. Default: the first axis of the sweep. */
  readonly x?: string;
  /** One frame each. Default: `bias`, `variance`. */
  readonly metrics?: readonly string[];
}

/** An experiment as people write it, in YAML, JSON or TypeScript. `resolveSpec` fills in the rest. */
export interface ExperimentSpec {
  /** Version of this format. */
  readonly ggdln: 1;
  /** Short name for folders and files: lower-case letters, digits, dots, dashes. */
  readonly name: string;
  /** Title of the figure, e.g. a question. */
  readonly title?: string;
  readonly description?: string;
  /** One seed for everything random. Default 1. */
  readonly seed?: number;
  /** T of the Gibbs distribution, ≥ 0. */
  readonly temperature: number;
  readonly dataset: PartSpec;
  /** One gating for every layer, or a list with one a layer, top (readout) first. */
  readonly gating: PartSpec | readonly PartSpec[];
  readonly architecture: PartSpec;
  readonly learners?: readonly SourceSpec[];
  readonly theories?: readonly SourceSpec[];
  readonly sweep?: ExperimentSweep;
  readonly figure?: FigureSpec;
  /** Linear-algebra backend by name. Default `auto`: whoever runs the experiment chooses. */
  readonly linalg?: string;
  /** Tensor backend of learners that differentiate by tensors, by name. Default `auto`: the portable one. */
  readonly tensor?: string;
  /** Plugins to load before running: package names or files. Only the command line loads them. */
  readonly plugins?: readonly string[];
}
