import { GgdlnError, type Incompatibility, type ProblemTraits, type Registry } from '@ggdln/core';
import type { PlannedPoint } from '../plan/planPoints.ts';
import { isPerLayer, type ResolvedPart } from '../spec/resolvedSpec.ts';

/** A learner, a theory or an architecture that can't do what a spec asks of it. */
export interface Mismatch extends Incompatibility {
  /** Name of the learner or theory in the experiment, or of the architecture. */
  readonly source: string;
  /** The points concerned. */
  readonly points: readonly PlannedPoint[];
}

/**
 * What learners and theories are asked about before anything is computed: `entry.supports(problemTraits(…))`.
 * @param outputs C, which only the data tell; 1 until they are loaded.
 * @throws GGDLN_UNKNOWN_NAME for an architecture that isn't there, and what it throws for options that don't fit.
 */
export function problemTraits(
  architecture: ResolvedPart,
  temperature: number,
  registry: Registry,
  outputs = 1,
): ProblemTraits {
  const { family, widths, activation } = registry.get('architecture', architecture.use).create(architecture.options);
  return { family, depth: widths.length, outputs, temperature, ...(activation ? { activation } : {}) };
}

/**
 * Asks every learner and theory whether it can handle the problems it is to get, and every architecture whether it takes
 * its gates. Nothing is computed.
 * @param outputs C, which only the data tell; 1 until they are loaded.
 */
export function findMismatches(points: readonly PlannedPoint[], registry: Registry, outputs = 1): Mismatch[] {
  const found = new Map<string, Mismatch & { readonly points: PlannedPoint[] }>();
  for (const point of points) {
    for (const misfit of misfitsOf(point, registry, outputs)) {
      const key = `${misfit.source}\n${misfit.reason}`;
      const known = found.get(key);
      if (known) known.points.push(point);
      else found.set(key, { ...misfit, points: [point] });
    }
  }
  return [...found.values()];
}

function misfitsOf({ source, settings }: PlannedPoint, registry: Registry, outputs: number) {
  const { architecture, gating, temperature, part } = settings;
  const network = registry.get('architecture', architecture.use);
  const gatings = new Set((isPerLayer(gating) ? gating : [gating]).map(({ use }) => use));
  const answers = [
    ...[...gatings].map((use) => ({ source: architecture.use, misfit: network.supports?.({ gating: use }) })),
    {
      source,
      misfit: registry.get(part.kind, part.use).supports(problemTraits(architecture, temperature, registry, outputs)),
    },
  ];
  return answers.flatMap((answer) => (answer.misfit ? [{ source: answer.source, ...answer.misfit }] : []));
}

/**
 * Refuses what `findMismatches` finds.
 * @param outputs As there.
 * @throws GGDLN_INCOMPATIBLE naming every part that doesn't fit, why, and what to change.
 */
export function requireCompatible(points: readonly PlannedPoint[], registry: Registry, outputs = 1): void {
  const mismatches = findMismatches(points, registry, outputs);
  if (mismatches.length === 0) return;
  throw new GgdlnError({
    code: 'GGDLN_INCOMPATIBLE',
    where: '@ggdln/experiments runExperiment',
    problem: bySource(mismatches, ({ reason }) => reason),
    remedy: mismatches.length === 1 ? withoutStop(mismatches[0].remedy) : bySource(mismatches, ({ remedy }) => remedy),
  });
}

/** Each text once, behind the names of all parts that say it. */
function bySource(mismatches: readonly Mismatch[], textOf: (mismatch: Mismatch) => string): string {
  const sources = new Map<string, Set<string>>();
  for (const mismatch of mismatches) {
    const text = withoutStop(textOf(mismatch));
    sources.set(text, (sources.get(text) ?? new Set()).add(mismatch.source));
  }
  return [...sources].map(([text, names]) => `${[...names].join(', ')}: ${text}`).join('; ');
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '');
}
