import type { OptionsSchema, OptionValues, SourceRole } from '@ggdln/core';
import type { ExperimentSpec, PartSpec, SourceSpec, SweepSpec } from './experimentSpec.ts';

/** A plugin entry with all its options. */
export interface ResolvedPart {
  readonly use: string;
  readonly options: OptionValues<OptionsSchema>;
}

/** A learner or theory with all its options. */
export interface ResolvedSource extends ResolvedPart {
  readonly kind: 'learner' | 'theory';
  /** Name in tables and figures; unique among learners and theories. */
  readonly as: string;
  readonly role: SourceRole;
  readonly at: SweepSpec;
}

/** An experiment with nothing left open: every option has its value. */
export interface ResolvedSpec {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly seed: number;
  readonly temperature: number;
  readonly dataset: ResolvedPart;
  /** One gating for every layer, or one a layer, top first. */
  readonly gating: ResolvedPart | readonly ResolvedPart[];
  readonly architecture: ResolvedPart;
  readonly learners: readonly ResolvedSource[];
  readonly theories: readonly ResolvedSource[];
  /** Axes that are crossed with each other, and with every group of `together`. */
  readonly sweep: SweepSpec;
  /** Groups of axes that move together, random draws among them: at least two axes each, with as many values. */
  readonly together: readonly SweepSpec[];
  readonly figure: { readonly x: string | undefined; readonly metrics: readonly string[] };
  readonly linalg: string;
  readonly tensor: string;
  readonly plugins: readonly string[];
}

/** Does every layer have a gating of its own? */
export function isPerLayer<Part extends object>(gating: Part | readonly Part[]): gating is readonly Part[] {
  return Array.isArray(gating);
}

/** Everything that gives values to axes: the sweep, its groups, and what learners and theories have of their own. */
export function sweepsOf({ sweep, together, learners, theories }: ResolvedSpec): readonly SweepSpec[] {
  return [sweep, ...together, ...[...learners, ...theories].map(({ at }) => at)];
}

/** The resolved spec as a spec again: what is written beside the results, and runs the same experiment. */
export function toSpec(resolved: ResolvedSpec): ExperimentSpec {
  const { x, metrics } = resolved.figure;
  return {
    ggdln: 1,
    name: resolved.name,
    title: resolved.title,
    description: resolved.description,
    seed: resolved.seed,
    temperature: resolved.temperature,
    dataset: flatPart(resolved.dataset),
    gating: isPerLayer(resolved.gating) ? resolved.gating.map(flatPart) : flatPart(resolved.gating),
    architecture: flatPart(resolved.architecture),
    learners: resolved.learners.map(flatSource),
    theories: resolved.theories.map(flatSource),
    sweep: resolved.together.length === 0 ? resolved.sweep : { ...resolved.sweep, together: resolved.together },
    figure: { ...(x === undefined ? {} : { x }), metrics },
    linalg: resolved.linalg,
    tensor: resolved.tensor,
    plugins: resolved.plugins,
  };
}

function flatPart(part: ResolvedPart): PartSpec {
  return { use: part.use, ...part.options };
}

function flatSource(source: ResolvedSource): SourceSpec {
  const own = source.as === source.use ? {} : { as: source.as };
  return { ...flatPart(source), ...own, ...(Object.keys(source.at).length === 0 ? {} : { at: source.at }) };
}
