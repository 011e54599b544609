// @vitest-environment jsdom
import { createRegistry, defineStudy, integer, number, type ProblemView, type Readable } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { standardPlugins } from '@ggdln/standard';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import { Compose } from '../../src/compose/Compose.tsx';
import { emptyView } from '../../src/engine/runView.ts';
import type { Estimate, Session } from '../../src/engine/session.ts';
import type { LabSpec } from '../../src/state/labState.ts';
import { createStore, type Store } from '../../src/state/store.ts';

const race = defineStudy({
  title: 'Race of pathways',
  summary: 'Two pathways share a hidden layer.',
  axis: { column: 'epoch', label: 'epoch', scale: 'linear' },
  metrics: [{ metric: 'loss', title: 'Loss', label: 'loss' }],
  options: {
    modes: integer({ title: 'Modes', symbol: 'M', min: 1, max: 8, default: 3, help: 'How many modes race.' }),
    start: number({ title: 'Start', min: 0, default: 0.2, help: 'Deviation of the first weights.' }),
  },
  create: () => {
    throw new Error('composing runs nothing');
  },
});
const registry = createRegistry([
  ...standardPlugins,
  { name: 'test', contract: '1.0.0', study: { 'test-race': race } },
]);
const initial: LabSpec = {
  ggdln: 1,
  name: 'widths',
  seed: 11,
  temperature: 0.01,
  dataset: { use: 'mnist-small' },
  gating: { use: 'half-spaces', gates: 6 },
  architecture: { use: 'ggdln', width: 100 },
  learners: [{ use: 'block-gibbs', sweeps: 1500 }],
  theories: [{ use: 'ggdln' }],
};

function held<Value>(value: Value): Readable<Value> {
  return { get: () => value, subscribe: () => () => {} };
}

interface Shown {
  readonly store: Store;
  field(label: string): HTMLInputElement;
  /** Types and leaves the field. */
  type(label: string, text: string): void;
  problemOf(label: string): string;
  text(): string;
}

let root: HTMLElement | undefined;

/** Types and leaves the field. */
function enter(input: HTMLInputElement, text: string): void {
  act(() => {
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.dispatchEvent(new Event('change', { bubbles: true }));
  });
}

function show(spec: LabSpec, { problem, estimate }: { problem?: ProblemView; estimate?: Estimate } = {}): Shown {
  const store = createStore({ spec, view: {} });
  const session = { view: held(emptyView), problem: held(problem), estimate: held(estimate), setStopRule: () => {} };
  const place = document.body.appendChild(document.createElement('div'));
  root = place;
  act(() => render(<Compose store={store} session={session as unknown as Session} registry={registry} />, place));
  const field = (label: string) => {
    const found = [...place.querySelectorAll('label')].find((item) => item.textContent?.trim().startsWith(label));
    const input = found && place.querySelector<HTMLInputElement>(`#${CSS.escape(found.htmlFor)}`);
    if (!input) throw new Error(`no field ${label}`);
    return input;
  };
  return {
    store,
    field,
    type: (label, text) => enter(field(label), text),
    problemOf: (label) => place.querySelector(`#${CSS.escape(field(label).id)}-problem`)?.textContent ?? '',
    text: () => place.textContent ?? '',
  };
}

globalThis.CSS ??= { escape: (text: string) => text.replace(/[^\w-]/g, '\\$&') } as typeof CSS;

afterEach(() => {
  if (root) render(null, root);
  root?.remove();
});

const problem: ProblemView = {
  trainX: matrix(3, 4, Float64Array.of(1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 0, 0)),
  trainY: matrix(3, 1, Float64Array.of(1, -1, 1)),
  testX: matrix(1, 4),
  testY: matrix(1, 1),
  trainGates: [matrix(3, 2, Float64Array.of(1, 0, 1, 1, 0, 0))],
  testGates: [matrix(1, 2)],
  gateNames: [['half-space 1', 'half-space 2']],
  gatingStates: [
    {
      V: [
        [1, -1, 0, 0.5],
        [0, 0, 1, 1],
      ],
    },
  ],
  trainSize: 3,
  testSize: 1,
  provenance: {},
  image: [2, 2],
};

describe('Compose', () => {
  it('has a form for every option of every part, made from the schemas', () => {
    const { text } = show(initial);
    for (const { options } of [registry.get('gating', 'half-spaces'), registry.get('architecture', 'ggdln')]) {
      for (const { title, help } of Object.values(options)) {
        expect(text()).toContain(title);
        expect(text()).toContain(help);
      }
    }
    expect(text()).toContain('All parts fit');
    expect([...document.querySelectorAll('.compose-stage')].map((stage) => stage.getAttribute('data-stage'))).toEqual([
      'dataset',
      'gating',
      'architecture',
      'learner',
      'theory',
    ]);
  });

  it('labels every control', () => {
    show(initial, { problem });
    for (const control of document.querySelectorAll<HTMLInputElement>('.compose input, .compose select')) {
      const name = control.getAttribute('aria-label') ?? control.labels?.[0]?.textContent ?? '';
      expect(name.trim(), control.id).not.toBe('');
      for (const id of (control.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean)) {
        expect(document.getElementById(id), id).not.toBeNull();
      }
    }
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('takes a number, a list, a range, and a single number again', () => {
    const { store, type, field } = show(initial);
    type('Gates', '12');
    expect(store.spec.value.gating).toMatchObject({ gates: 12 });
    type('Width', '10, 30');
    expect(store.spec.value.sweep).toEqual({ 'architecture.width': [10, 30] });
    type('Width', '10..1000 x3');
    expect(field('Width').value).toBe('10, 100, 1000');
    type('Width', '40');
    expect(store.spec.value).toMatchObject({ sweep: {}, architecture: { width: 40 } });
    act(() => store.undo());
    expect(field('Width').value).toBe('10, 100, 1000');
  });

  it('says at the field what is wrong with a value, and keeps what was typed', () => {
    const { store, type, field, problemOf } = show(initial);
    type('Gates', '2.5');
    expect(problemOf('Gates')).toContain('"2.5" is not allowed. Give a whole number ≥ 1');
    expect(field('Gates').value).toBe('2.5');
    expect(field('Gates').getAttribute('aria-invalid')).toBe('true');
    expect(store.spec.value).toEqual(initial);
    type('Gates', '3');
    expect(problemOf('Gates')).toBe('');
  });

  it('refuses a third axis with the reason', () => {
    const { type, problemOf } = show(initial);
    type('Gates', '2, 4');
    type('Width', '10, 30');
    type('Temperature', '0.1, 1');
    expect(problemOf('Temperature')).toContain('at most 2 axes');
  });

  it('shows what is wrong in a spec that came from elsewhere, at its field', () => {
    const { problemOf, text } = show({ ...initial, gating: { use: 'half-spaces', gates: -3 } });
    expect(problemOf('Gates')).toBe('-3 is not allowed. Give a whole number ≥ 1.');
    expect(text()).toContain('1 thing needs a change');
  });

  it('keeps what doesn’t fit in sight, with reason and remedy from its declaration', () => {
    const { store, field } = show(initial);
    const entry = registry.get('theory', 'galu');
    const input = field(entry.title);
    expect(input.disabled).toBe(true);
    const why = entry.supports({ family: 'ggdln', depth: 1, outputs: 1, temperature: 0.01 });
    const said = document.getElementById(input.getAttribute('aria-describedby') ?? '')?.textContent ?? '';
    for (const words of [why?.reason, why?.remedy]) expect(said.toLowerCase()).toContain(words?.toLowerCase());
    act(() => field('Gradient descent').click());
    act(() => field('Infinite width (Gaussian').click());
    expect(store.spec.value.learners).toEqual([{ use: 'block-gibbs', sweeps: 1500 }, { use: 'gradient-descent' }]);
    expect(store.spec.value.theories).toEqual([{ use: 'ggdln' }, { use: 'infinite-width' }]);
    act(() => field('Exact sampling').click());
    expect(store.spec.value.learners).toEqual([{ use: 'gradient-descent' }]);
  });

  it('makes learners and theories fit when the network changes, in one step of undo, and says so', () => {
    const { store, text } = show(initial);
    const chooser = document.querySelector<HTMLSelectElement>('#compose-architecture-use');
    act(() => {
      if (!chooser) return;
      chooser.value = 'galu';
      chooser.dispatchEvent(new Event('change', { bubbles: true }));
    });
    expect(store.spec.value.architecture).toEqual({ use: 'galu' });
    expect(store.spec.value.theories).toEqual([{ use: 'galu' }]);
    expect(text()).toContain('Posterior of GaLU took the place of Finite-width theory (GGDLN)');
    expect(text()).toContain('All parts fit');
    act(() => store.undo());
    expect(store.spec.value).toEqual(initial);
    expect(text()).not.toContain('took the place');
  });

  it('gives another seed by its button alone', () => {
    const { store, type, problemOf } = show(initial);
    act(() => [...document.querySelectorAll('button')].find((button) => button.textContent === 'New seed')?.click());
    expect(store.spec.value.seed).not.toBe(11);
    expect(Number.isSafeInteger(store.spec.value.seed)).toBe(true);
    type('Seed', 'x');
    expect(problemOf('Seed')).toContain('"x" is not allowed. Give a whole number ≥ 0');
  });

  it.each([
    ['', 'Give a number.'],
    ['nonsense', 'is not allowed'],
    ['-1', 'is not allowed'],
    ['-3.5', 'is not allowed'],
    ['NaN', 'is not allowed'],
    ['Infinity', 'is not allowed'],
  ])('refuses “%s” in every numeric field of every stage, with words, and changes nothing', (typed, words) => {
    const { store } = show(initial, { problem });
    for (const more of document.querySelectorAll<HTMLElement>('.compose-more')) act(() => more.click());
    const schemas = [
      ...(['dataset', 'gating', 'architecture'] as const).map((kind) => [kind, initial[kind]] as const),
      ['learners.block-gibbs', { use: 'block-gibbs' }],
    ] as const;
    let asked = 0;
    for (const [path, part] of schemas) {
      const { use } = part as { readonly use: string };
      const kind = path.startsWith('learners') ? 'learner' : (path as 'dataset');
      for (const [name, option] of Object.entries(registry.get(kind, use).options)) {
        // What has no lower bound takes -1.
        if (option.type !== 'integer' && option.type !== 'number') continue;
        if (option.min === undefined && /^-/.test(typed)) continue;
        const input = document.getElementById(`compose-${`${path}.${name}`.replaceAll('.', '-')}`);
        if (!(input instanceof HTMLInputElement)) continue;
        enter(input, typed);
        asked++;
        const said = document.getElementById(`${input.id}-problem`)?.textContent;
        expect(said, `${path}.${name}`).toContain(words);
        expect(store.refused.value.get(`${path}.${name}`), `${path}.${name}`).toBe(`${option.title}: ${said}`);
        act(() => void input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })));
        expect(store.refused.value.size, `${path}.${name}`).toBe(0);
      }
    }
    for (const label of ['Seed', 'Temperature']) {
      const input = document.querySelector<HTMLInputElement>(
        label === 'Seed' ? '#compose-seed' : '#compose-temperature',
      );
      if (!input) throw new Error(`no field ${label}`);
      enter(input, typed);
      asked++;
      expect(document.getElementById(`${input.id}-problem`)?.textContent, label).toContain(words);
    }
    expect(asked).toBeGreaterThan(10);
    expect(store.spec.value).toEqual(initial);
  });

  it('keeps what can’t stand beside the rest in sight, disabled, with the reason', () => {
    const { text } = show(initial);
    const options = [...document.querySelectorAll<HTMLOptionElement>('#compose-architecture-use option')];
    const off = options.filter(({ disabled }) => disabled).map(({ value }) => value);
    const expected = registry
      .list('architecture')
      .filter(({ entry }) => entry.supports?.({ gating: 'half-spaces' }))
      .map(({ name }) => name);
    expect(expected.length).toBeGreaterThan(0);
    expect(off).toEqual(expected);
    const why = registry.get('architecture', expected[0]).supports?.({ gating: 'half-spaces' });
    for (const words of [why?.reason, why?.remedy]) expect(text().toLowerCase()).toContain(words?.toLowerCase());
    expect(text()).toContain('All parts fit');
    if (root) render(null, root);
    const wrong = show({ ...initial, architecture: { use: expected[0] } });
    expect(wrong.text()).toContain('needs a change');
    expect(document.querySelector<HTMLSelectElement>('#compose-architecture-use')?.getAttribute('aria-invalid')).toBe(
      'true',
    );
    // The gates that this network can have are there to be chosen.
    const gatings = [...document.querySelectorAll<HTMLOptionElement>('#compose-gating-use option')];
    expect(gatings.find(({ value }) => value === 'always-on')?.disabled).toBe(false);
    expect(gatings.find(({ value }) => value === 'k-means')?.disabled ?? true).toBe(true);
  });

  it('shows data and gates as they are made, and warns of dead inputs', () => {
    const { text } = show(initial, { problem });
    expect(text()).toContain('3 training and 1 test examples of 4 inputs');
    expect(text()).toContain('67 %');
    expect(text()).toContain('1 of 3 training inputs have every gate shut');
    const drawn = document.querySelectorAll('.compose-thumbs .compose-picture');
    expect(drawn.length).toBe(3 + 2);
    expect(document.querySelector('.compose')?.innerHTML).not.toContain('NaN');
  });

  it('tells what a run costs, and what to lower where it is a lot', () => {
    const light = show(initial, { estimate: { seconds: 29, bytes: 12e6, dominant: 'dataset.trainSize' } });
    expect(light.text().replaceAll('\u00a0', ' ')).toContain('Estimate: 29 s and 12 MB on this machine');
    expect(light.text()).not.toContain('Lower');
    if (root) render(null, root);
    const heavy = show(initial, { estimate: { seconds: 400, bytes: 12e6, dominant: 'dataset.trainSize' } });
    expect(heavy.text().replaceAll('\u00a0', ' ')).toContain(
      '7 min and 12 MB on this machine. Lower “Training examples”',
    );
  });

  it('shows one form for each layer’s gating', () => {
    const layers: LabSpec = {
      ...initial,
      gating: [{ use: 'half-spaces', gates: 3 }, { use: 'always-on' }],
      architecture: { use: 'ggdln', depth: 2 },
    };
    const { store, type, text } = show(layers);
    expect(text()).toContain('Layer 2, next to the readout');
    type('Gates', '5');
    expect(store.spec.value.gating).toEqual([{ use: 'half-spaces', gates: 5 }, { use: 'always-on' }]);
  });

  it('shows a study as one system with its form, and lets nothing of it be swept', () => {
    const study: LabSpec = { ggdln: 1, name: 'race', study: { use: 'test-race', start: 0.5 } };
    const { store, type, field, problemOf, text } = show(study);
    expect(document.querySelectorAll('.compose-stage').length).toBe(1);
    expect(text()).toContain('System');
    expect(field('Start').value).toBe('0.5');
    type('Modes', '5');
    expect(store.spec.value.study).toEqual({ use: 'test-race', start: 0.5, modes: 5 });
    type('Modes', '2, 4');
    expect(problemOf('Modes')).toContain('A study has no sweep');
    type('Start', '-1');
    expect(problemOf('Start')).toContain('Give a finite number ≥ 0');
    expect(text()).not.toContain('Learner');
  });

  it('makes sliders pass by until they are let go: one step of undo', () => {
    const { store } = show({ ggdln: 1, name: 'race', study: { use: 'test-race' } });
    const slider = document.querySelector<HTMLInputElement>('input[type=range]');
    if (!slider) throw new Error('no slider');
    const move = (value: string, event: string) =>
      act(() => {
        slider.value = value;
        slider.dispatchEvent(new Event(event, { bubbles: true }));
      });
    move('50', 'input');
    expect(store.passing.value).toBe(true);
    move('200', 'input');
    move('200', 'change');
    expect(store.spec.value.study).toEqual({ use: 'test-race', modes: 8 });
    expect(store.passing.value).toBe(false);
    act(() => store.undo());
    expect(store.spec.value.study).toEqual({ use: 'test-race' });
  });
});
