// @vitest-environment jsdom
import { createRandom, createTable, type RunView, resolveOptions, type StudyResult } from '@ggdln/core';
import { createMlMatrixBackend, matrixFromRows } from '@ggdln/linalg';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { studyPanels } from '../src/panels/studyPanels.ts';
import { labPlugins } from '../src/plugins.ts';
import { runOf, testContext } from './panelsSupport.ts';

/** Settings that take a moment, and the panels that each study has of its own. */
const studies = {
  'routing-race': {
    options: { domains: 3, partners: 2, hidden: 12, networks: 2, epochs: 10 },
    panels: ['pathwayRace'],
  },
  'xor-race': { options: { hidden: 12, networks: 2, rate: 0.1, time: 30 }, panels: ['xorWeights'] },
  memorisation: {
    options: { inputs: 24, dimension: 4, ratios: [0.5, 1], draws: 2, scales: [2], coarse: [0.5], steps: 5 },
    panels: ['memorisation'],
  },
  'two-phases': {
    options: { examples: 3, tests: 4, features: 3, depth: 1, width: 10, temperature: 1, pairs: 3, end: 1 },
    panels: ['phases'],
  },
  'two-heads': {
    options: { width: 8, draws: 2, gammas: [0.5, 0.9], lambdas: [10, 100], samples: 10 },
    panels: ['multiHead'],
  },
  forgetting: { options: { tasks: 3, examples: 3, features: 10, width: 40, networks: 2 }, panels: ['forgetting'] },
} as const;
type Name = keyof typeof studies;
const names = Object.keys(studies) as Name[];

/** What each study shows, from its first snapshot to its end. */
const views = new Map<Name, RunView[]>();

beforeAll(async () => {
  const linalg = createMlMatrixBackend();
  for (const name of names) {
    const entry = labPlugins.flatMap(({ study = {} }) => study[name] ?? [])[0];
    const { options } = studies[name];
    const work = entry
      .create(resolveOptions(entry.options, options, name))
      .run({ rng: createRandom(1).stream('study'), linalg });
    const results: StudyResult[] = [];
    for (;;) {
      const next = await work.next();
      results.push(next.done ? next.value : next.value.result);
      if (next.done) break;
    }
    const { axis, metrics, groupBy } = entry;
    views.set(
      name,
      results.map(({ table, arrays, diagnostics }) => ({
        ...runOf([]),
        ...{ spec: { study: { use: name, ...options } }, study: name, axis, metrics, rows: table.rows },
        ...{ arrays, diagnostics, points: [] },
        ...(groupBy ? { groupBy } : {}),
      })),
    );
  }
}, 60_000);
afterEach(() => document.body.replaceChildren());

function mounted(panel: string, view: RunView, selection = {}) {
  const element = document.createElement('div');
  document.body.append(element);
  const context = testContext(view, selection);
  return { element, context, dispose: studyPanels[panel].mount(element, context) };
}

const frame = () => new Promise((resolve) => setTimeout(resolve, 150));
const viewsOf = (name: Name): readonly RunView[] => views.get(name) ?? [];
const last = (name: Name): RunView => viewsOf(name)[viewsOf(name).length - 1];

describe.each(names)('panels of %s', (name) => {
  it('apply to it alone', () => {
    const applying = Object.keys(studyPanels).filter((panel) => studyPanels[panel].accepts(last(name)));
    expect(applying).toEqual(studies[name].panels);
    expect(applying.some((panel) => studyPanels[panel].accepts(runOf([])))).toBe(false);
  });

  it('draw every snapshot without NaN, and take their listeners away', () => {
    for (const panel of studies[name].panels) {
      for (const view of viewsOf(name)) {
        if (!studyPanels[panel].accepts(view)) continue;
        for (const selection of [{}, { task: 1, pinned: true }, { task: 99 }]) {
          const { element, context, dispose } = mounted(panel, view, selection);
          expect(element.innerHTML).toContain('<svg');
          expect(element.innerHTML).not.toMatch(/NaN|undefined|Infinity|\[object/);
          expect(studyPanels[panel].describe?.(view, selection) ?? '').not.toMatch(/NaN|undefined/);
          expect(context.view.watchers()).toBe(1);
          dispose();
          expect([context.view.watchers(), context.selection.watchers(), context.theme.watchers()]).toEqual([0, 0, 0]);
        }
      }
    }
  });

  it('have their numbers as a table of finite cells', () => {
    for (const panel of studies[name].panels) {
      const rows = studyPanels[panel].table(last(name), {});
      expect(rows.length).toBeGreaterThan(0);
      expect(() => createTable(rows)).not.toThrow();
    }
  });

  it('say their result to people who don’t see them', () => {
    for (const panel of studies[name].panels) {
      const { element } = mounted(panel, last(name));
      for (const picture of element.querySelectorAll('svg[role="img"]')) {
        expect(picture.getAttribute('aria-label')).toMatch(/\d/);
      }
    }
  });
});

describe('the race of the pathways', () => {
  const network = (shared: readonly number[]): RunView => ({
    ...last('routing-race'),
    arrays: {
      gate: matrixFromRows([
        [1, 0],
        [1, 1],
      ]),
      'pair errors': matrixFromRows([
        [0.25, 8],
        [0.5, 0.75],
      ]),
      encoders: matrixFromRows([
        [1, 0.5],
        [1, 0.5],
      ]),
      shared: matrixFromRows([[...shared]]),
      decoders: matrixFromRows([
        [1, 0.5],
        [1, 0.5],
      ]),
    },
  });

  it('follows the snapshot', async () => {
    const { element, context } = mounted('pathwayRace', network([2, 1]));
    expect(element.textContent).toContain('mode 1: 2');
    context.view.set(network([3, 1]));
    await frame();
    expect(element.textContent).toContain('mode 1: 3');
  });

  it('tells errors of the trained and untrained outputs of the chosen input, by keys too', async () => {
    const { element, context } = mounted('pathwayRace', network([2, 1]), { task: 1 });
    expect(element.textContent).toContain('Input 2: mean error 0.625 of 2 trained outputs');
    element.querySelector('.chart')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true }));
    expect(context.selection.get()).toMatchObject({ task: 0, pinned: true });
    await frame();
    expect(element.textContent).toContain('Input 1: mean error 0.25 of 1 trained output, 8 of 1 untrained output');
    expect(context.said.join()).toContain('Input 1');
  });
});
