import type { PanelContext, PanelElement, PanelEntry, Readable, RunView, Selection, Writable } from '@ggdln/core';
import { type Check, demand, demandJson } from './check.ts';
import { emptyRunView, sampleRunView } from './sampleRunView.ts';

/** The parts of a document that the suite itself uses; a browser's or jsdom's. */
export interface PanelDocument {
  createElement(name: string): PanelElement & { readonly innerHTML: string; readonly childNodes: ArrayLike<unknown> };
}

/** What a panel is tested with. */
export interface PanelSetup {
  /** Makes what the panel draws in: `() => new JSDOM().window.document`. */
  readonly document: () => PanelDocument | Promise<PanelDocument>;
  /** A run that the panel accepts. Default `sampleRunView()`. */
  readonly view?: RunView;
}

/** The contract of a panel of the lab, as checks that need no test runner; `testPanel` runs them under vitest. */
export function checkPanel(entry: PanelEntry, setup: PanelSetup): Check[] {
  const view = deepFreeze(setup.view ?? sampleRunView());
  const stage = async (): Promise<Stage> => setStage((await setup.document()).createElement('div'), view);
  return [
    { name: 'has a title, a one-line summary and a width', run: () => demandTexts(entry) },
    {
      name: 'says whether it has something to show, also of an empty run',
      run: () => {
        demand(
          entry.accepts(view) === true,
          `accepts gives ${entry.accepts(view)} for the run of the test, expected true; give a view that the panel shows`,
        );
        const empty: unknown = entry.accepts(deepFreeze(emptyRunView()));
        demand(typeof empty === 'boolean', `accepts gives ${empty} for an empty run, expected true or false`);
      },
    },
    { name: 'has its numbers as rows of a table', run: () => demandTable(entry, view) },
    {
      name: 'draws into its element and leaves the run as it is',
      run: async () => {
        const { element, context } = await stage();
        const dispose: unknown = entry.mount(element, context);
        demand(typeof dispose === 'function', `mount gives ${typeof dispose}, expected the function that ends it`);
        (dispose as () => void)();
        demand(element.childNodes.length > 0, 'the element is empty after mount, expected a picture of the run');
      },
    },
    { name: 'draws the same again for the same run', run: async () => demandSameDrawing(entry, stage) },
    {
      name: 'follows the run, the selection and the theme until it is disposed of',
      run: () => demandFollows(entry, stage),
    },
    {
      name: 'draws beside itself, also with nothing selected and in the dark',
      run: async () => {
        const [first, second] = [await stage(), await stage()];
        second.theme.set('dark');
        const disposals = [entry.mount(first.element, first.context), entry.mount(second.element, second.context)];
        disposals[0]();
        second.view.set({ ...view, status: 'running' });
        demand(
          second.element.childNodes.length > 0,
          'the second picture is empty once the first is disposed of, expected each to be on its own',
        );
        disposals[1]();
      },
    },
  ];
}

interface Stage {
  readonly element: ReturnType<PanelDocument['createElement']>;
  readonly view: Watched<RunView>;
  readonly selection: Watched<Selection>;
  readonly theme: Watched<'light' | 'dark'>;
  readonly context: PanelContext;
}

type Watched<Value> = Writable<Value> & { listeners(): number };

function setStage(element: Stage['element'], shown: RunView): Stage {
  const [view, selection, theme] = [watched(shown), watched<Selection>({}), watched<'light' | 'dark'>('light')];
  const context: PanelContext = {
    view: view satisfies Readable<RunView>,
    selection,
    theme,
    edit: () => {},
    announce: () => {},
  };
  return { element, view, selection, theme, context };
}

function watched<Value>(start: Value): Watched<Value> {
  const listeners = new Set<() => void>();
  let value = start;
  return {
    get: () => value,
    set: (next) => {
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe: (listener) => {
      const own = () => listener();
      listeners.add(own);
      return () => listeners.delete(own);
    },
    listeners: () => listeners.size,
  };
}

function demandTexts({ title, summary, span }: PanelEntry): void {
  for (const [name, text] of Object.entries({ title, summary })) {
    const sound = typeof text === 'string' && text.trim() !== '' && !text.includes('\n');
    demand(sound, `the ${name} is ${JSON.stringify(text)}, expected one line`);
  }
  demand([2, 3, 4, 6].includes(span), `span is ${span}, expected 2, 3, 4 or 6 columns`);
}

function demandTable(entry: PanelEntry, view: RunView): void {
  for (const selection of [{}, { sample: 0, x: 20 }] as const) {
    const rows = entry.table(view, selection);
    demand(Array.isArray(rows) && rows.length > 0, 'the table is empty, expected the numbers of the picture as rows');
    demandJson('the table', rows);
    const line = entry.describe?.(view, selection);
    demand(
      line === undefined || (line.trim() !== '' && !line.includes('\n')),
      `describe gives ${JSON.stringify(line)}, expected one line`,
    );
  }
}

async function demandSameDrawing(entry: PanelEntry, stage: () => Promise<Stage>): Promise<void> {
  const drawn: string[] = [];
  for (let i = 0; i < 2; i++) {
    const { element, context } = await stage();
    const dispose = entry.mount(element, context);
    await turn();
    drawn.push(element.innerHTML);
    dispose();
  }
  demand(
    drawn[0] === drawn[1],
    'two drawings of one run differ, expected the same: no random numbers, clocks or counters',
  );
}

async function demandFollows(entry: PanelEntry, stage: () => Promise<Stage>): Promise<void> {
  const { element, view, selection, theme, context } = await stage();
  const dispose = entry.mount(element, context);
  demand(view.listeners() > 0, 'it does not subscribe to context.view, expected it to follow the run');
  const before = element.innerHTML;
  view.set(deepFreeze(sampleRunView(2)));
  selection.set({ sample: 1, x: 60, pinned: true });
  theme.set('dark');
  await turn();
  demand(element.innerHTML !== before, 'the picture stays as it is when the run changes, expected a new one');
  dispose();
  const left = view.listeners() + selection.listeners() + theme.listeners();
  demand(left === 0, `${left} listeners are left after it was disposed of, expected none`);
  const last = element.innerHTML;
  view.set(deepFreeze(sampleRunView(3)));
  await turn();
  demand(
    element.innerHTML === last || element.innerHTML === '',
    'it draws after it was disposed of, expected nothing more to happen',
  );
}

/** Lets drawing that waits for the next turn of the event loop happen. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 40));
}

/** Objects throw when they are changed; the numbers of typed arrays can't be frozen. */
function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  for (const item of Object.values(value)) deepFreeze(item);
  return Object.freeze(value);
}
