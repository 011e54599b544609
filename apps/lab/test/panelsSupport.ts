import {
  createRegistry,
  type Json,
  type PanelContext,
  type PointView,
  type Row,
  type RunView,
  type Selection,
  type SourceRole,
  type Writable,
} from '@ggdln/core';
import { standardPlugins } from '@ggdln/standard';
import { optionAt } from '../src/compose/optionAt.ts';
import type { LabSpec } from '../src/state/labState.ts';

const registry = createRegistry(standardPlugins);

/** A value that counts who watches it. */
function watched<Value>(value: Value): Writable<Value> & { readonly watchers: () => number } {
  const listeners = new Set<() => void>();
  let current = value;
  return {
    get: () => current,
    set(next) {
      current = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watchers: () => listeners.size,
  };
}

export interface TestContext extends PanelContext {
  readonly view: ReturnType<typeof watched<RunView>>;
  readonly selection: ReturnType<typeof watched<Selection>>;
  readonly theme: ReturnType<typeof watched<'light' | 'dark'>>;
  readonly edits: { readonly changes: { readonly [path: string]: Json }; readonly passing: boolean }[];
  readonly said: string[];
}

export function testContext(view: RunView, selection: Selection = {}): TestContext {
  const edits: TestContext['edits'] = [];
  const said: string[] = [];
  return {
    view: watched(view),
    selection: watched(selection),
    theme: watched<'light' | 'dark'>('light'),
    edits,
    said,
    edit: (changes, options) => edits.push({ changes, passing: options?.passing === true }),
    announce: (sentence) => said.push(sentence),
    optionAt: (path) => optionAt(path, view.spec as LabSpec, registry)?.option,
  };
}

/** A run against width from its numbers: `[role, N, value, stderr]`. */
export function runOf(
  numbers: readonly (readonly [role: SourceRole, width: number, value: number, stderr: number | null])[],
  more: Partial<RunView> & { readonly provisional?: readonly number[] } = {},
): RunView {
  const { provisional = [], ...rest } = more;
  const rows: Row[] = numbers.map(([role, width, value, stderr]) => ({
    'architecture.width': width,
    source: role,
    role,
    metric: 'bias',
    value,
    stderr,
  }));
  const points = numbers.map(([role, width, value, stderr], i): PointView => {
    const history = { steps: [], values: {}, stderrs: {} };
    return {
      ...{
        id: String(i),
        source: role,
        role,
        axes: { 'architecture.width': width },
        status: 'done',
        step: 1,
        total: 1,
      },
      provisional: provisional.includes(width) && role === 'exact-sampling',
      ...{ metrics: [{ metric: 'bias', value, stderr }], arrays: {}, diagnostics: {}, history },
    };
  });
  return {
    ...{ spec: {}, title: 'test', rows, points, problem: undefined, arrays: {}, diagnostics: {}, status: 'done' },
    axis: { column: 'architecture.width', label: 'hidden width N', scale: 'log' },
    metrics: [{ metric: 'bias', title: 'Bias', label: 'squared error' }],
    snapshot: { index: 0, count: 1, live: true },
    warnings: [],
    ...rest,
  };
}
