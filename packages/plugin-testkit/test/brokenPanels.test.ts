import type { PanelContext, PanelEntry, RunView } from '@ggdln/core';
import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { checkPanel, failedChecks, testPanel } from '../src/index.ts';

const document = () => new JSDOM().window.document;

const textOf = ({ rows }: RunView) => rows.map(({ source, value }) => `${source} ${value}`).join(', ');

function mount(element: unknown, { view }: PanelContext): () => void {
  const place = element as HTMLElement;
  const draw = () => {
    place.textContent = textOf(view.get());
  };
  draw();
  return view.subscribe(draw);
}

const sound: PanelEntry = {
  title: 'Rows',
  summary: 'For tests.',
  span: 3,
  accepts: ({ rows }) => rows.length > 0,
  table: ({ rows }) => rows,
  mount,
};

const reasons = async (changes: Partial<PanelEntry>) =>
  (await failedChecks(checkPanel({ ...sound, ...changes }, { document }))).map(({ reason }) => reason);

testPanel('rows', sound, { document });

describe('checkPanel', () => {
  it('finds a panel that never lets go', async () => {
    const holding = (element: unknown, context: PanelContext) => {
      mount(element, context);
      return () => {};
    };
    expect(await reasons({ mount: holding })).toEqual(['1 listeners are left after it was disposed of, expected none']);
  });

  it('finds a picture that does not follow the run, and one that is not there', async () => {
    const still: PanelEntry['mount'] = (element, context) => {
      const dispose = mount(element, context);
      dispose();
      return context.theme.subscribe(() => {});
    };
    expect(await reasons({ mount: still })).toEqual([
      'it does not subscribe to context.view, expected it to follow the run',
    ]);
    const blank = await reasons({ mount: (_, { view }) => view.subscribe(() => {}) });
    expect(blank[0]).toBe('the element is empty after mount, expected a picture of the run');
  });

  it('finds a mount without an end, changed runs and random pictures', async () => {
    expect(await reasons({ mount: (() => undefined) as unknown as PanelEntry['mount'] })).toContain(
      'mount gives undefined, expected the function that ends it',
    );
    const sorting: PanelEntry['table'] = (view) => (view.rows as RunView['rows'][number][]).reverse();
    expect(await reasons({ table: sorting })).toEqual([expect.stringMatching(/read only|not extensible/)]);
    const random: PanelEntry['mount'] = (element, context) => {
      const dispose = mount(element, context);
      (element as HTMLElement).append(String(Math.random()));
      return dispose;
    };
    expect(await reasons({ mount: random })).toEqual([
      expect.stringMatching(/^two drawings of one run differ, expected/),
    ]);
  });

  it('finds wrong texts, widths, tables and answers', async () => {
    expect(await reasons({ title: '' })).toEqual(['the title is "", expected one line']);
    expect(await reasons({ span: 5 as 6 })).toEqual(['span is 5, expected 2, 3, 4 or 6 columns']);
    expect(await reasons({ table: () => [] })).toEqual([
      'the table is empty, expected the numbers of the picture as rows',
    ]);
    expect(await reasons({ table: () => [{ value: Number.NaN }] })).toEqual([expect.stringMatching(/is NaN/)]);
    expect(await reasons({ accepts: () => false })).toEqual([
      expect.stringMatching(/^accepts gives false for the run of the test, expected true/),
    ]);
    expect(await reasons({ describe: () => 'two\nlines' })).toEqual([
      'describe gives "two\\nlines", expected one line',
    ]);
  });
});
