import { describe, expect, it } from 'vitest';
import type { LabState } from '../../src/state/labState.ts';
import { createPreferences } from '../../src/state/preferences.ts';
import { createStore, HISTORY_LIMIT } from '../../src/state/store.ts';

const initial: LabState = {
  spec: {
    ggdln: 1,
    name: 'widths',
    temperature: 0.01,
    dataset: { use: 'mnist-small' },
    gating: { use: 'half-spaces', gates: 6 },
    architecture: { use: 'ggdln', width: 100 },
    learners: [{ use: 'block-gibbs', sweeps: 1500 }],
    theories: [{ use: 'ggdln' }],
  },
  view: {},
};

describe('createStore', () => {
  it('edits by path, whole parts as well, and leaves the state before untouched', () => {
    const store = createStore(initial);
    store.edit({ 'gating.gates': 12, 'learners.block-gibbs.sweeps': 10, temperature: 0.5 });
    expect(store.spec.value).toMatchObject({
      temperature: 0.5,
      gating: { use: 'half-spaces', gates: 12 },
      learners: [{ use: 'block-gibbs', sweeps: 10 }],
    });
    store.edit({ gating: { use: 'always-on' }, sweep: { 'architecture.width': [10, 30] } });
    expect(store.spec.value).toMatchObject({
      gating: { use: 'always-on' },
      sweep: { 'architecture.width': [10, 30] },
    });
    expect(initial.spec.temperature).toBe(0.01);
  });

  it('edits the options of a study', () => {
    const store = createStore({ spec: { ggdln: 1, name: 'race', study: { use: 'race', modes: 3 } }, view: {} });
    store.edit({ 'study.modes': 5 });
    expect(store.spec.value.study).toEqual({ use: 'race', modes: 5 });
    expect(createStore(initial).edit({ 'study.modes': 5 })).toBe(false);
  });

  it('refuses a path that starts at nothing, in words, and keeps the state', () => {
    const store = createStore(initial);
    expect(store.edit({ 'gatng.gates': 3 })).toBe(false);
    expect(store.refusal.value).toContain(
      'unknown key of an experiment "gatng". Did you mean gating? Known: architecture, dataset,',
    );
    expect(store.edit({ 'learners.hmc.steps': 3 })).toBe(false);
    expect(store.state.value).toBe(initial);
    expect(store.canUndo.value).toBe(false);
    store.edit({ seed: 2 });
    expect(store.refusal.value).toBeUndefined();
  });

  it('walks back and forward over whole states', () => {
    const store = createStore(initial);
    store.edit({ seed: 1 });
    store.edit({ seed: 2 });
    store.open({ spec: { ggdln: 1, name: 'other' }, view: { x: 30 }, item: 'other' });
    store.undo();
    store.undo();
    expect(store.spec.value.seed).toBe(1);
    store.redo();
    store.redo();
    expect(store.state.value).toEqual({ spec: { ggdln: 1, name: 'other' }, view: { x: 30 }, item: 'other' });
    expect(store.canRedo.value).toBe(false);
    store.undo();
    store.edit({ seed: 9 });
    expect(store.canRedo.value).toBe(false);
    for (let i = 0; i < 5; i++) store.undo();
    expect(store.state.value).toBe(initial);
  });

  it('makes passing edits and the one that ends them one step', () => {
    const store = createStore(initial);
    for (const gates of [7, 8, 9]) store.edit({ 'gating.gates': gates }, { passing: true });
    expect(store.passing.value).toBe(true);
    store.edit({ 'gating.gates': 10 });
    expect(store.passing.value).toBe(false);
    store.edit({ 'gating.gates': 11 });
    store.undo();
    expect(store.spec.value.gating).toMatchObject({ gates: 10 });
    store.undo();
    expect(store.state.value).toBe(initial);
  });

  it('makes passing edits of something else a step of their own', () => {
    const store = createStore(initial);
    store.edit({ 'gating.gates': 7 }, { passing: true });
    store.edit({ seed: 5 }, { passing: true });
    store.undo();
    expect(store.spec.value.gating).toMatchObject({ gates: 7 });
    expect(store.spec.value.seed).toBeUndefined();
  });

  it('changes the view without a step of undo, and takes keys away that are set to nothing', () => {
    const store = createStore(initial);
    store.look({ snapshot: 7, x: 30 });
    expect(store.view.value).toEqual({ snapshot: 7, x: 30 });
    expect(store.canUndo.value).toBe(false);
    store.look({ snapshot: undefined } as never);
    expect(store.view.value).toEqual({ x: 30 });
  });

  it('makes no step of an edit that changes nothing, and forgets the oldest steps', () => {
    const store = createStore(initial);
    store.edit({ temperature: 0.01 });
    expect(store.canUndo.value).toBe(false);
    for (let seed = 0; seed < HISTORY_LIMIT + 10; seed++) store.edit({ seed });
    let steps = 0;
    for (; store.canUndo.value; steps++) store.undo();
    expect(steps).toBe(HISTORY_LIMIT);
  });
});

describe('createPreferences', () => {
  it('keeps them in the storage, and reads them back', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (k: string, v: string) => kept.set(k, v),
    };
    const preferences = createPreferences(storage as never);
    expect([preferences.theme.value, preferences.shortcuts.value]).toEqual(['system', true]);
    expect(kept.size).toBe(0);
    preferences.theme.value = 'dark';
    preferences.shortcuts.value = false;
    const again = createPreferences(storage as never);
    expect([again.theme.value, again.shortcuts.value]).toEqual(['dark', false]);
  });

  it('does without a storage, with one that refuses, and with one that holds nonsense', () => {
    const refusing = {
      getItem: () => {
        throw new Error('denied');
      },
      setItem: () => {
        throw new Error('denied');
      },
    };
    for (const storage of [
      undefined,
      refusing,
      { getItem: () => '[[', setItem: () => {} },
      { getItem: () => 'null', setItem: () => {} },
    ]) {
      const preferences = createPreferences(storage);
      preferences.theme.value = 'light';
      expect(preferences.shortcuts.value).toBe(true);
    }
  });
});
