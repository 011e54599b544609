import { GgdlnError, type Incompatibility, type ProblemTraits, type Registry } from '@ggdln/core';
import type { PlannedPoint } from '../plan/planPoints.ts';
import type { ResolvedPart } from '../spec/resolvedSpec.ts';

/** A learner or theory that can't do what a spec asks of it. */
export interface Mismatch extends Incompatibility {
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
 * Asks every learner and theory whether it can handle the problems it is to get. Nothing is computed.
 * @param outputs C, which only the data tell; 1 until they are loaded.
 */
export function findMismatches(points: readonly PlannedPoint[], registry: Registry, outputs = 1): Mismatch[] {
  const found = new Map<string, { incompatibility: Incompatibility; points: PlannedPoint[] }>();
  for (const point of points) {
    const { architecture, temperature, part } = point.settings;
    const traits = problemTraits(architecture, temperature, registry, outputs);
    const incompatibility = registry.get(part.kind, part.use).supports(traits);
    if (!incompatibility) continue;
    const key = `${point.source}\n${incompatibility.reason}`;
    const known = found.get(key);
    if (known) known.points.push(point);
    else found.set(key, { incompatibility, points: [point] });
  }
  return [...found.values()].map(({ incompatibility, points: concerned }) => ({
    ...incompatibility,
    source: concerned[0].source,
    points: concerned,
  }));
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
