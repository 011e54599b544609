import type { RunView } from '@ggdln/core';
import { signal } from '@preact/signals';
import { writableOf } from '../../src/app/readable.ts';
import { emptyView } from '../../src/engine/runView.ts';
import type { RunStatus, Session } from '../../src/engine/session.ts';
import type { LabSpec } from '../../src/state/labState.ts';

const ready: RunStatus = {
  phase: 'ready',
  word: 'Ready',
  progress: 0,
  step: 0,
  total: 10,
  unit: 'sweeps',
  secondsLeft: undefined,
  rate: undefined,
  seconds: 0,
};

/** A session that computes nothing and remembers what it was told. */
export function fakeSession(): Session & { readonly told: string[]; become(phase: RunStatus['phase']): void } {
  const told: string[] = [];
  const tell = (what: string) => () => void told.push(what);
  const status = writableOf(signal(ready));
  const view = writableOf(signal<RunView>(emptyView));
  const nameOf = (spec: LabSpec) => `${String(spec.name)} ${String(spec.seed)}`;
  const fixed = <Value>(value: Value) => writableOf(signal(value));
  return {
    told,
    become: (phase) => status.set({ ...ready, phase }),
    view,
    status,
    problem: fixed(undefined),
    estimate: fixed(undefined),
    error: fixed(undefined),
    backends: fixed(undefined),
    speed: fixed('full' as const),
    stopRule: fixed(undefined),
    earlier: fixed(false),
    open: (spec, { keep = false } = {}) => void told.push(`open ${nameOf(spec)}${keep ? ', keep' : ''}`),
    glance: (spec) => void told.push(`glance ${nameOf(spec)}`),
    setStopRule: tell('set stop rule'),
    play: tell('play'),
    pause: tell('pause'),
    step: tell('step'),
    reset: tell('reset'),
    cancel: tell('cancel'),
    setSpeed: (speed) => void told.push(`speed ${speed}`),
    show: (snapshot) => void told.push(`show ${snapshot}`),
    dispose: tell('dispose'),
  };
}
