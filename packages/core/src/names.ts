import { GgdlnError } from './errors.ts';

/** Edit distance between two short names (insertions, deletions, substitutions and neighbour swaps count 1). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, beforeLast[j - 2] + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length];
}

/** Up to three of `known` that `name` may have been meant to be, nearest first; prefixes count as near. */
export function nearestNames(name: string, known: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  return known
    .map((candidate) => {
      const text = candidate.toLowerCase();
      const starts = wanted.length > 1 && (text.startsWith(wanted) || wanted.startsWith(text));
      return { candidate, distance: starts ? 0.5 : editDistance(wanted, text) };
    })
    .filter(({ candidate, distance }) => distance <= Math.max(2, Math.ceil(candidate.length / 3)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/**
 * The error for a name that does not exist.
 * @param what What the name should be, e.g. `gating` or `option of half-spaces`.
 */
export function unknownNameError(where: string, what: string, name: string, known: readonly string[]): GgdlnError {
  const near = nearestNames(name, known);
  const all = known.length === 0 ? 'There are none' : `Known: ${[...known].sort().join(', ')}`;
  const remedy = near.length > 0 ? `Did you mean ${near.join(' or ')}? ${all}` : all;
  return new GgdlnError({ code: 'GGDLN_UNKNOWN_NAME', where, problem: `unknown ${what} "${name}"`, remedy });
}
