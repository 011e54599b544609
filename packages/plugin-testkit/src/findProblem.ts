import {
  type Architecture,
  type ArchitectureEntry,
  type Incompatibility,
  type JsonObject,
  type OptionsSchema,
  type Problem,
  type ProblemTraits,
  resolveOptions,
} from '@ggdln/core';
import { createMlMatrixBackend } from '@ggdln/linalg';
import { traitsOf } from './problems.ts';
import { samplePrior } from './sampleNetwork.ts';
import { sampleProblem } from './samples.ts';

/** Architectures by name. */
export type Architectures = Readonly<Record<string, ArchitectureEntry>>;

/** Small: suites solve and sample many times. */
const WIDTH = 8;

/** A problem that something supports, or what it says of those that were tried. */
export type FoundProblem =
  | { readonly problem: Problem }
  | { readonly problem: undefined; readonly refusals: readonly string[] };

/**
 * The first small problem that a learner or a theory supports: every architecture, one and two hidden layers, every
 * activation, one and three outputs, positive and zero temperature.
 */
export function findProblem(
  supports: (traits: ProblemTraits) => Incompatibility | undefined,
  architectures: Architectures,
): FoundProblem {
  const refusals: string[] = [];
  for (const [name, entry] of Object.entries(architectures)) {
    for (const network of networksOf(entry)) {
      for (const problem of problemsOf(network)) {
        const traits = traitsOf(problem);
        const refused = supports(traits);
        if (refused) refusals.push(`${name} ${JSON.stringify(traits)}: ${refused.reason}`);
        else if (canPredict(problem)) return { problem };
      }
    }
  }
  return { problem: undefined, refusals };
}

/** Options that make a network small, as far as it has them. */
export function smallOptions({ options }: ArchitectureEntry): JsonObject {
  const schema: OptionsSchema = options;
  return schema.width?.type === 'integer' ? { width: WIDTH } : {};
}

/** How many gates a layer the network takes: 3, or 1 where it takes only one that is always on. */
export function gatesOf(architecture: Architecture): readonly number[] {
  const counts = [3, 1].map((count) => architecture.widths.map(() => count));
  return counts.find((gates) => canPredict(sampleProblem(architecture, { gates }))) ?? counts[0];
}

function networksOf(entry: ArchitectureEntry): Architecture[] {
  const schema: OptionsSchema = entry.options;
  const depths = schema.depth?.type === 'integer' ? [{ depth: 1 }, { depth: 2 }] : [{}];
  const activations =
    schema.activation?.type === 'choice' ? schema.activation.values.map((activation) => ({ activation })) : [{}];
  return depths.flatMap((depth) =>
    activations.flatMap((activation) => {
      try {
        const raw = { ...smallOptions(entry), ...depth, ...activation };
        return [entry.create(resolveOptions(schema, raw, entry.title))];
      } catch {
        return []; // the suite of that architecture says why
      }
    }),
  );
}

function* problemsOf(architecture: Architecture): Generator<Problem> {
  for (const outputs of [1, 3]) {
    for (const temperature of [0.1, 0]) {
      yield sampleProblem(architecture, { outputs, temperature, gates: gatesOf(architecture) });
    }
  }
}

function canPredict({ architecture, train }: Problem): boolean {
  try {
    const dimensions = {
      inputs: train.X.cols,
      gates: train.gates.map(({ cols }) => cols),
      outputs: train.Y.cols,
    };
    const parameters = samplePrior(architecture, dimensions, 'weights');
    const { rows, cols } = architecture.predict(parameters, train, createMlMatrixBackend());
    return rows === train.X.rows && cols === train.Y.cols;
  } catch {
    return false;
  }
}
