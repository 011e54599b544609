import { createRegistry } from '@ggdln/core';
import { standardPlugins } from '@ggdln/standard';
import { describe, expect, it } from 'vitest';
import { refit } from '../../src/compose/compatibility.ts';
import { findFaults } from '../../src/compose/faults.ts';
import { exchanged } from '../../src/compose/parts.ts';
import { summaryLine } from '../../src/compose/summaryLine.ts';
import { addAxis, axesIn, setValue, withoutAxes } from '../../src/compose/sweepAxes.ts';
import { editSpec } from '../../src/state/editSpec.ts';
import type { LabSpec } from '../../src/state/labState.ts';

const registry = createRegistry(standardPlugins);
const spec: LabSpec = {
  ggdln: 1,
  name: 'widths',
  temperature: 0.01,
  dataset: { use: 'mnist-small', trainSize: 100 },
  gating: { use: 'half-spaces', gates: 6 },
  architecture: { use: 'ggdln', width: 100 },
  learners: [
    { use: 'block-gibbs', sweeps: 1500 },
    { use: 'gradient-descent', at: { 'architecture.width': [10, 100] } },
  ],
  theories: [{ use: 'ggdln' }, { use: 'infinite-width' }],
  sweep: { 'architecture.width': [10, 30] },
  figure: { x: 'architecture.width' },
};

describe('sweeps', () => {
  it('have two axes at most; a third is refused with the reason', () => {
    const two = addAxis(spec, 'gating.gates', [2, 4]);
    expect(two).toEqual({ sweep: { 'architecture.width': [10, 30], 'gating.gates': [2, 4] } });
    const third = addAxis({ ...spec, ...(two as object) }, 'temperature', [0.1, 1]);
    expect(third).toContain('at most 2 axes');
    expect(third).toContain('architecture.width and gating.gates are swept already');
    expect(addAxis(spec, 'architecture.width', [5, 6])).toEqual({ sweep: { 'architecture.width': [5, 6] } });
  });

  it('count groups that move together, random draws and replicates', () => {
    const together = { together: { 'gating.gates': [1, 2], temperature: [1, 2] }, replicates: 3 };
    expect(axesIn({ ...spec, sweep: together })).toEqual(['gating.gates with temperature', 'replicates']);
    expect(typeof addAxis({ ...spec, sweep: together }, 'architecture.width', [1, 2])).toBe('string');
  });

  it('end with a single value, in the figure and in the parts of it that learners had', () => {
    const changed = editSpec(spec, setValue(spec, 'architecture.width', 50));
    expect(changed).toMatchObject({
      sweep: {},
      figure: {},
      architecture: { width: 50 },
      learners: [{ use: 'block-gibbs', sweeps: 1500 }, { use: 'gradient-descent' }],
    });
    expect(JSON.stringify(changed)).not.toContain('"at"');
    expect(findFaults(changed, registry)).toEqual(new Map());
    expect(withoutAxes(spec, () => false)).toEqual(spec);
  });
});

describe('exchanging parts', () => {
  it('keeps options of the same name where the other entry allows their values', () => {
    const { options } = registry.get('gating', 'k-means');
    expect(exchanged({ use: 'half-spaces', gates: 12, threshold: 0.4, alwaysOn: false }, 'k-means', options)).toEqual({
      use: 'k-means',
      gates: 12,
      alwaysOn: false,
    });
    const xor = registry.get('dataset', 'xor').options;
    expect(exchanged({ use: 'noisy-teacher', inputs: 1 }, 'xor', xor)).toEqual({ use: 'xor' });
  });
});

describe('refit', () => {
  it('takes out what doesn’t fit the network, puts something in where nothing is left, and says so', () => {
    const mlp: LabSpec = { ...spec, architecture: { use: 'mlp' }, gating: { use: 'always-on' }, sweep: {} };
    const { changes, notes } = refit(mlp, registry, 1);
    const learners = (changes.learners ?? mlp.learners) as readonly { use: string }[];
    const theories = changes.theories as readonly { use: string }[];
    for (const [kind, list] of [
      ['learner', learners],
      ['theory', theories],
    ] as const) {
      expect(list.length).toBeGreaterThan(0);
      for (const { use } of list) {
        const traits = { family: 'mlp', depth: 1, outputs: 1, temperature: 0.01, activation: 'relu' };
        expect(registry.get(kind, use).supports(traits)).toBeUndefined();
      }
    }
    expect(notes.some((note) => note.includes('Finite-width theory (GGDLN)'))).toBe(true);
    expect(findFaults(editSpec(mlp, changes), registry)).toEqual(new Map());
  });

  it('leaves alone what fits', () => {
    expect(refit(spec, registry, 1)).toEqual({ changes: {}, notes: [] });
  });
});

describe('findFaults', () => {
  it('finds every option that is wrong, at its path, and what only the whole shows', () => {
    const wrong = {
      ...spec,
      gating: { use: 'half-spaces', gates: 0 },
      learners: [{ use: 'block-gibbs', as: 'first', sweeps: 'many' }],
      dataset: { use: 'digits' },
    };
    const faults = findFaults(wrong, registry);
    expect([...faults.keys()].sort()).toEqual(['dataset', 'gating.gates', 'learners.first.sweeps']);
    expect(faults.get('gating.gates')).toBe('0 is not allowed. Give a whole number ≥ 1.');
    expect(faults.get('dataset')).toContain('no "digits" in this lab');
    const typo = findFaults({ ...spec, gating: { use: 'half-spaces', gatez: 3 } }, registry);
    expect(typo.get('gating.gatez')).toContain('Did you mean gates?');
    const nothing = findFaults({ ...spec, learners: [], theories: [] }, registry);
    expect(nothing.get('')).toContain('There is nothing to compute');
    expect(findFaults(spec, registry)).toEqual(new Map());
  });
});

describe('summaryLine', () => {
  it('names symbols first, sweeps as their ends, and what was changed', () => {
    const line = (kind: 'gating' | 'architecture' | 'dataset') => {
      const part = spec[kind] as { use: string };
      return summaryLine(spec, { path: kind, part }, registry.get(kind, part.use).options).replaceAll('\u00a0', ' ');
    };
    expect(line('gating')).toBe('M = 6 · b = 0');
    expect(line('architecture')).toBe('L = 1 · N = 10, 30 (sweep) · σ = 1');
    expect(line('dataset')).toBe('P = 100');
  });
});
