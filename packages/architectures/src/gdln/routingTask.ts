import { inputError, type Matrix } from '@ggdln/core';
import { matrix, matrixFromRows } from '@ggdln/linalg';

const where = '@ggdln/architectures routingGate';

/** What some gate modes need. */
export interface RoutingGateOptions {
  /** Mode `mod`: how many of the first domains are trained, with themselves. */
  readonly classes?: number;
  /** Suffix `_permute`: column j of the result is column `permutation[j]` of the mode. */
  readonly permutation?: readonly number[];
}

/**
 * Which pairs of M input and M output domains are trained, M × M with input domains in rows. Modes: `fully_connected`;
 * `k_plus_mod`, partners 0 … k−1 further on; `k_plus_minus_mod`, partners −⌊(k−1)/2⌋ … ⌊k/2⌋ further on (not symmetric
 * for even k); `mod`, the diagonal of the first `classes`. k stands for a number; above M all pairs are trained. The
 * suffix `_permute` permutes the columns, which keeps k in every row and column.
 * @throws GGDLN_INPUT for an unknown mode, or one without what it needs.
 */
export function routingGate(domains: number, mode: string, options: RoutingGateOptions = {}): Matrix {
  if (!Number.isInteger(domains) || domains < 1)
    throw inputError(where, `there are ${domains} domains`, 'Give 1 or more');
  const permuted = mode.endsWith('_permute');
  const offsets = offsetsOf(permuted ? mode.slice(0, -'_permute'.length) : mode, domains, options);
  const columns = permuted ? columnsOf(domains, options.permutation) : undefined;
  const gate = matrix(domains, domains);
  for (let a = 0; a < domains; a++) {
    const partners = new Set(offsets(a).map((offset) => (((a + offset) % domains) + domains) % domains));
    for (let b = 0; b < domains; b++) gate.data[a * domains + b] = Number(partners.has(columns ? columns[b] : b));
  }
  return gate;
}

/**
 * New label of each class in an output domain: its place in the `domain`-th permutation of the classes in
 * lexicographic order. Domain 0 changes nothing, and few domains only change the last classes.
 * @throws GGDLN_INPUT for a domain that isn't a whole number below classes!, or classes outside 1 … 18.
 */
export function relabelledClasses(domain: number, classes: number): number[] {
  if (!Number.isInteger(classes) || classes < 1 || classes > 18) {
    throw inputError('@ggdln/architectures relabelledClasses', `there are ${classes} classes`, 'Give 1 to 18');
  }
  let orders = 1;
  for (let k = 2; k <= classes; k++) orders *= k;
  if (!Number.isInteger(domain) || domain < 0 || domain >= orders) {
    throw inputError('@ggdln/architectures relabelledClasses', `the domain is ${domain}`, `Give 0 to ${orders - 1}`);
  }
  const left = Array.from({ length: classes }, (_, k) => k);
  const labels = new Array<number>(classes);
  let rest = domain;
  for (let place = 0; place < classes; place++) {
    orders /= classes - place;
    const [taken] = left.splice(Math.floor(rest / orders), 1);
    rest %= orders;
    labels[taken] = place;
  }
  return labels;
}

/** Angle in degrees, counter-clockwise, by which each input domain turns its images: 270 i / M. */
export function rotationAngles(domains: number): number[] {
  return Array.from({ length: domains }, (_, i) => (270 * i) / domains);
}

/**
 * Features of four items in two groups, 7 × 4: one feature of all, one of each group, one of each item. Singular values
 * √(4A² + 2B² + C²), √(2B² + C²), C, C.
 */
export function semanticItems(amplitudes: { shared?: number; group?: number; item?: number } = {}): Matrix {
  const { shared: A = 6, group: B = 4, item: C = 3 } = amplitudes;
  const own = [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? C : 0)));
  return matrixFromRows([[A, A, A, A], [B, B, 0, 0], [0, 0, B, B], ...own]);
}

function offsetsOf(mode: string, domains: number, { classes }: RoutingGateOptions): (domain: number) => number[] {
  const between = (first: number, last: number) => {
    const offsets = Array.from({ length: Math.min(last - first + 1, domains) }, (_, i) => first + i);
    return () => offsets;
  };
  if (mode === 'fully_connected') return between(0, domains - 1);
  if (mode === 'mod') {
    if (classes === undefined || !Number.isInteger(classes) || classes < 0) {
      throw inputError(where, `mode mod has ${classes} classes`, 'Give a whole number of classes');
    }
    return (domain) => (domain < classes ? [0] : []);
  }
  const parts = /^(\d+)_plus_(minus_)?mod$/.exec(mode);
  if (!parts || Number(parts[1]) < 1) {
    throw inputError(
      where,
      `the mode is ${mode}`,
      'Modes are fully_connected, mod, 3_plus_mod and 3_plus_minus_mod (any number ≥ 1 for 3), each with or without _permute',
    );
  }
  const k = Number(parts[1]);
  return parts[2] ? between(-Math.floor((k - 1) / 2), Math.floor(k / 2)) : between(0, k - 1);
}

function columnsOf(domains: number, permutation: readonly number[] | undefined): readonly number[] {
  const sorted = [...(permutation ?? [])].sort((a, b) => a - b);
  if (permutation && sorted.length === domains && sorted.every((value, i) => value === i)) return permutation;
  throw inputError(
    where,
    `the permutation is [${permutation?.join(', ') ?? ''}]`,
    `Give each of 0 … ${domains - 1} once`,
  );
}
