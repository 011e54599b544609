import { expect, test } from 'vitest';
import { startLab } from '../fakes/startLab.ts';

test('what the page starts with is opened once', () => {
  expect(startLab().told).toEqual(['open start 0']);
});

test('before anything ran an edit is opened at once; after a run it waits, marked, for Play', () => {
  const { lab, store, session, told } = startLab();
  store.edit({ seed: 1 });
  expect(told).toEqual(['open start 0', 'open start 1']);
  session.become('done');
  store.edit({ seed: 2 });
  expect(told).toHaveLength(2);
  expect(lab.stale.value).toBe(true);
  lab.toggle();
  expect(told.slice(2)).toEqual(['open start 2, keep', 'play']);
  expect(lab.stale.value).toBe(false);
});

test('undoing an edit after a run takes the mark away without opening anything', () => {
  const { lab, store, session, told } = startLab();
  session.become('paused');
  store.edit({ seed: 5 });
  store.undo();
  expect(lab.stale.value).toBe(false);
  expect(told).toEqual(['open start 0']);
});

test('a slider moved after a run leaves the result; before one it is glanced at, and opened when it is let go', () => {
  const { lab, store, session, told } = startLab();
  session.become('done');
  store.edit({ seed: 3 }, { passing: true });
  store.edit({ seed: 4 });
  expect(told).toEqual(['open start 0']);
  expect(lab.stale.value).toBe(true);
  store.undo();
  session.become('ready');
  store.edit({ seed: 3 }, { passing: true });
  expect(lab.stale.value).toBe(false);
  // Back where it began: what was glanced at isn't what is asked for.
  store.edit({ seed: 0 }, { passing: true });
  store.edit({ seed: 0 });
  expect(told.slice(1)).toEqual(['glance start 3', 'glance start 0', 'open start 0']);
});

test('a gate being dragged is glanced at, and opened once when it is let go', () => {
  const { lab, session, told } = startLab();
  session.become('done');
  lab.context.edit({ seed: 3 }, { passing: true });
  lab.context.edit({ seed: 4 }, { passing: true });
  lab.context.edit({ seed: 4 });
  expect(told.slice(1)).toEqual(['glance start 3', 'glance start 4', 'open start 4', 'play']);
});

test('an item of the gallery opens, runs, and gives the page its title', () => {
  const { lab, told } = startLab();
  lab.openItem('one');
  expect(told.slice(1)).toEqual(['open one 1', 'play']);
  expect([lab.title.value, lab.lead.value]).toEqual(['Does it?', 'It does.']);
  lab.openItem('no such item');
  expect(told).toHaveLength(3);
});

test('reset goes back to the same run, and to the newest snapshot', () => {
  const { lab, store, session, told } = startLab();
  session.become('done');
  lab.show(3);
  expect(store.view.value.snapshot).toBe(3);
  lab.reset();
  expect(told.slice(1)).toEqual(['show 3', 'reset']);
  expect(store.view.value.snapshot).toBeUndefined();
});

test('what a field refuses is what can not run, and why', () => {
  const { lab, store, session, told } = startLab();
  session.become('ready');
  store.refuse('seed', 'Seed: "-3" is not allowed. Give a whole number ≥ 0.');
  expect(lab.blocked.value).toContain('Seed: "-3" is not allowed');
  lab.toggle();
  lab.step();
  expect(told).toEqual(['open start 0']);
  expect(lab.announcer.message.value).toContain('"-3" is not allowed');
  store.refuse('seed', undefined);
  expect(lab.blocked.value).toBeUndefined();
  lab.toggle();
  expect(told.at(-1)).toBe('play');
});

test('what could not be computed is said where it would be run', () => {
  const { lab, store } = startLab();
  store.edit({ 'gating.gates': -1 });
  expect(lab.blocked.value).toBe('Gates: -1 is not allowed. Give a whole number ≥ 1.');
  store.undo();
  store.edit({ architecture: { use: 'dln' } });
  expect(lab.blocked.value).toContain('This network has no gates');
  store.edit({ gating: { use: 'always-on' } });
  expect(lab.blocked.value ?? '').not.toContain('no gates');
});

test('play pauses what runs', () => {
  const { lab, session, told } = startLab();
  session.become('running');
  lab.toggle();
  expect(told.at(-1)).toBe('pause');
});

test('a pinned value is part of the view, and the other way round; a hovered one is not', () => {
  const { lab, store } = startLab();
  lab.selection.value = { x: 30 };
  expect(store.view.value.x).toBeUndefined();
  lab.selection.value = { x: 100, pinned: true };
  expect(store.view.value.x).toBe(100);
  store.look({ x: 10 });
  expect(lab.selection.value).toEqual({ x: 10, pinned: true });
});
