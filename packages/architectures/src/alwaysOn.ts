import { type GatingTraits, GgdlnError, type Incompatibility, type Matrix } from '@ggdln/core';

/** Checks the gate of a layer that has none. @throws GGDLN_INCOMPATIBLE unless it is one column of ones. */
export function requireAlwaysOn(where: string, gates: Matrix): void {
  requireOneGate(where, gates.cols);
  const row = gates.data.findIndex((value) => value !== 1);
  if (row >= 0) throw notAlwaysOn(where, `the gate of input ${row} is ${gates.data[row]}`);
}

/** @throws GGDLN_INCOMPATIBLE unless `count` is 1. */
export function requireOneGate(where: string, count: number): void {
  if (count !== 1) throw notAlwaysOn(where, `a layer has ${count} gates`);
}

const REMEDY = 'Use the gating "always-on", or the architecture "ggdln"';

/** What entries of networks without gates say of a gating before anything is computed. */
export function supportsAlwaysOn({ gating }: GatingTraits): Incompatibility | undefined {
  if (gating === 'always-on') return undefined;
  return { reason: `this network has no gates, and the gating ${gating} gives it some`, remedy: REMEDY };
}

function notAlwaysOn(where: string, found: string): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_INCOMPATIBLE',
    where,
    problem: `${found}, but this network has in each layer one gate that is 1 for every input`,
    remedy: REMEDY,
  });
}
