import {
  type Architecture,
  type ArchitectureEntry,
  createRandom,
  type GatedInputs,
  type JsonObject,
  type LinalgBackend,
  type Matrix,
  type NetworkDimensions,
  type Parameters,
} from '@ggdln/core';
import { createMlMatrixBackend } from '@ggdln/linalg';
import { resolved } from './checkEntry.ts';
import { sampleProblem } from './samples.ts';

/** What an architecture is tested with. */
export interface ArchitectureSetup {
  /** Raw option values, as in a spec file; choose a small network. */
  readonly options?: JsonObject;
  /** Gates of each layer, top first. Default 3 a layer. */
  readonly gates?: readonly number[];
  /** C. Default 1. */
  readonly outputs?: number;
  /** Default: the portable backend. */
  readonly linalg?: LinalgBackend;
}

/** A network with weights from its prior, inputs and targets. */
export interface SampledNetwork {
  readonly architecture: Architecture;
  readonly dimensions: NetworkDimensions;
  readonly parameters: Parameters;
  readonly train: GatedInputs;
  readonly test: GatedInputs;
  /** Targets of the training inputs, P × C. */
  readonly Y: Matrix;
  readonly temperature: number;
  readonly linalg: LinalgBackend;
}

/** The network of an entry on a small sample problem. */
export function sampleNetwork(entry: ArchitectureEntry, setup: ArchitectureSetup): SampledNetwork {
  const architecture = entry.create(resolved<'architecture'>(entry, setup.options));
  const { gates, outputs = 1, linalg = createMlMatrixBackend() } = setup;
  const problem = sampleProblem(architecture, { outputs, ...(gates ? { gates } : {}) });
  const { train, test, temperature } = problem;
  const dimensions = { inputs: train.X.cols, gates: train.gates.map(({ cols }) => cols), outputs };
  const parameters = samplePrior(architecture, dimensions, 'weights');
  return { architecture, dimensions, parameters, train, test, Y: train.Y, temperature, linalg };
}

/** Weights from the prior N(0, σ²). */
export function samplePrior(architecture: Architecture, dimensions: NetworkDimensions, name: string): Parameters {
  const rng = createRandom(5).stream(name);
  const shapes = Object.entries(architecture.shapes(dimensions));
  return Object.fromEntries(
    shapes.map(([parameter, shape]) => {
      const size = shape.reduce((a, b) => a * b, 1);
      return [parameter, rng.stream(parameter).fillGaussian(new Float64Array(size), architecture.sigma)];
    }),
  );
}
