// @vitest-environment jsdom
import type { PanelEntry } from '@ggdln/core';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import { PanelGrid } from '../src/panels/PanelGrid.tsx';
import { runOf, testContext } from './panelsSupport.ts';

afterEach(() => document.body.replaceChildren());

function panel(log: string[], accepts: PanelEntry['accepts'] = () => true): PanelEntry {
  return {
    ...{ title: 'Counts', summary: 'For a test.', equation: 'ggdln/2', span: 2, accepts },
    describe: (view) => `${view.rows.length} rows`,
    table: () => [{ a: 1.5, b: 'x' }],
    mount: () => {
      log.push('mount');
      return () => log.push('dispose');
    },
  };
}

function show(panels: Readonly<Record<string, PanelEntry>>) {
  const place = document.createElement('div');
  document.body.append(place);
  const context = testContext(runOf([['theory', 1, 1, null]]));
  act(() => render(<PanelGrid panels={panels} context={context} equationHref={(id) => `#theory/${id}`} />, place));
  return { place, context };
}

describe('PanelGrid', () => {
  it('mounts a panel once, keeps it through changes, and removes it when it no longer applies', () => {
    const log: string[] = [];
    const { place, context } = show({ one: panel(log, (view) => view.status !== 'failed') });
    expect(place.querySelector('h2')?.textContent).toBe('Counts');
    expect(place.querySelector('a')?.getAttribute('href')).toBe('#theory/ggdln/2');
    act(() => context.view.set(runOf([])));
    expect(place.querySelector('.panel-line')?.textContent).toBe('0 rows');
    expect(log).toEqual(['mount']);
    act(() => context.view.set(runOf([], { status: 'failed' })));
    expect(log).toEqual(['mount', 'dispose']);
    expect(place.querySelector('.panel')).toBeNull();
  });

  it('shows the numbers as a table by V, and the picture again', () => {
    const { place } = show({ one: panel([]) });
    const press = () =>
      act(() => {
        place.querySelector('.panel')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'v', bubbles: true }));
      });
    press();
    expect([...place.querySelectorAll('th')].map((cell) => cell.textContent)).toEqual(['a', 'b']);
    expect([...place.querySelectorAll('td')].map((cell) => cell.textContent)).toEqual(['1.5', 'x']);
    expect(place.querySelector<HTMLElement>('.panel-body')?.hidden).toBe(true);
    press();
    expect(place.querySelector('table')).toBeNull();
  });

  it('opens its menu, names what is on, and closes it by Escape', () => {
    const { place } = show({ one: panel([]) });
    const button = place.querySelector<HTMLButtonElement>('[aria-haspopup=menu]');
    act(() => button?.click());
    const items = [...place.querySelectorAll('[role^=menuitem]')];
    expect(items.map((item) => item.textContent)).toEqual(['Show as a table (V)', 'Full screen']);
    expect(items[0].getAttribute('aria-checked')).toBe('false');
    act(() => {
      items[0].dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    });
    expect(place.querySelector('[role=menu]')).toBeNull();
    expect(document.activeElement).toBe(button);
  });
});
