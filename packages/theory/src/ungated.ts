import { type Architecture, GgdlnError, type Incompatibility, type Problem, type ProblemTraits } from '@ggdln/core';
import { type KernelMemory, requireKernelMemory } from './kernelMemory.ts';

/** What the theories of networks without gates need of a problem. */
export interface UngatedProblem {
  readonly X: Problem['train']['X'];
  readonly y: Problem['train']['Y'];
  readonly test: { readonly X: Problem['test']['X'] };
  readonly widths: readonly number[];
  readonly sigma: number;
  readonly temperature: number;
}

/** φ of the hidden units of a fully connected network without gates: of `dln` linear, of `mlp` its own; else undefined. */
export function activationOf({
  family,
  activation,
}: Pick<ProblemTraits | Architecture, 'family' | 'activation'>): string | undefined {
  if (family === 'dln') return 'linear';
  return family === 'mlp' ? activation : undefined;
}

/** What else solves networks of an activation. */
const REMEDIES: Readonly<Record<string, string>> = {
  linear: 'Use the theory bpkr, which solves linear networks',
  relu: 'Use the heuristic bpkr-relu or the infinite-width theory nngp',
};

/**
 * Why a theory of networks without gates can't solve a problem; `undefined` where it can.
 * @param solved Activations that it solves.
 */
export function unsupportedActivation(traits: ProblemTraits, solved: readonly string[]): Incompatibility | undefined {
  const activation = activationOf(traits);
  if (activation === undefined) {
    return {
      reason: `this theory solves networks without gates (dln, mlp), not ${traits.family}`,
      remedy: 'Use the architecture dln or mlp with the gating always-on, or the theory ggdln for gated networks',
    };
  }
  if (solved.includes(activation)) return undefined;
  return {
    reason: `this theory solves networks with the activation ${solved.join(' or ')}, not ${activation}`,
    remedy: REMEDIES[activation] ?? 'Use the infinite-width theory nngp',
  };
}

/**
 * The problem without its gates.
 * @param memory What its kernels may take.
 * @throws GGDLN_INCOMPATIBLE for another network than `solved`, or gates that are not one that is always on; GGDLN_INPUT
 * for kernels that can't fit into memory.
 */
export function withoutGates(
  problem: Problem,
  where: string,
  solved: readonly string[],
  memory: KernelMemory,
): UngatedProblem {
  const { train, test, architecture, temperature } = problem;
  const { family, widths, sigma, activation } = architecture;
  const traits = {
    family,
    depth: widths.length,
    outputs: train.Y.cols,
    temperature,
    ...(activation ? { activation } : {}),
  };
  const refused = unsupportedActivation(traits, solved);
  if (refused) throw incompatible(where, refused.reason, refused.remedy);
  for (const gates of [...train.gates, ...test.gates]) {
    const off = gates.data.findIndex((value) => value !== 1);
    if (gates.cols !== 1 || off >= 0) {
      const found =
        gates.cols === 1 ? `the gate of input ${off} is ${gates.data[off]}` : `a layer has ${gates.cols} gates`;
      throw incompatible(
        where,
        `${found}, but this theory knows no gates`,
        'Use the gating always-on, or the theory ggdln',
      );
    }
  }
  requireKernelMemory(where, train.X.rows, test.X.rows, memory);
  return { X: train.X, y: train.Y, test: { X: test.X }, widths, sigma, temperature };
}

function incompatible(where: string, problem: string, remedy: string): GgdlnError {
  return new GgdlnError({ code: 'GGDLN_INCOMPATIBLE', where, problem, remedy });
}
