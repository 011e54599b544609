// @vitest-environment jsdom
import { createTable, type RunView } from '@ggdln/core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { labPanels } from '../src/panels/index.ts';
import { recordedView, recordedViews, viewInState } from '../src/panels/recorded.ts';
import { runOf, testContext } from './panelsSupport.ts';

/** For what is drawn when there is time: a loaded machine has little. */
const PATIENCE = { timeout: 20_000, interval: 20 };
const STATES = ['done', 'empty', 'running', 'failed', 'at 0'];
const runs = new Map<string, RunView>();

beforeAll(async () => {
  for (const name of Object.keys(recordedViews)) runs.set(name, await recordedView(name));
});
afterEach(() => document.body.replaceChildren());

const frames = (count = 2) => new Promise((resolve) => setTimeout(resolve, 60 * count));
const recorded = (name: string) => runs.get(name) ?? runOf([]);

function mounted(name: string, view: RunView, selection = {}) {
  const element = document.createElement('div');
  document.body.append(element);
  const context = testContext(view, selection);
  const dispose = labPanels[name].mount(element, context);
  return { element, context, dispose };
}

/** Panels of studies have runs and tests of their own. */
const own = ['notices', 'curves', 'agreement', 'order', 'prediction', 'running', 'gates', 'kernels', 'solver'];

describe.each(own)('panel %s', (name) => {
  const panel = labPanels[name];

  it('draws no NaN in any run and state, whatever is selected', async () => {
    for (const run of runs.keys()) {
      for (const state of STATES) {
        const view = viewInState(recorded(run), state);
        if (!panel.accepts(view)) continue;
        for (const selection of [
          {},
          { x: 30, sample: 3, gates: [1, 2], pinned: true },
          { x: 1e9, sample: 1e6, gates: [99] },
        ]) {
          const { element, dispose } = mounted(name, view, selection);
          // Kernels are made when the page has nothing else to do, however long that takes; all else is drawn at once.
          if (name === 'kernels')
            await vi.waitFor(() => expect(element.querySelector('.chart > svg')).not.toBeNull(), PATIENCE);
          expect(element.innerHTML, `${run} ${state}`).not.toMatch(/NaN|undefined|Infinity|\[object/);
          expect(element.textContent, `${run} ${state}`).not.toBe('');
          const header = `${panel.heading?.(view, selection) ?? panel.title} ${panel.describe?.(view, selection) ?? ''}`;
          expect(header).not.toMatch(/NaN|undefined/);
          dispose();
          element.remove();
        }
      }
    }
  });

  it('has its numbers as a table of finite cells', () => {
    for (const run of runs.keys()) {
      for (const state of STATES) {
        const view = viewInState(recorded(run), state);
        if (panel.accepts(view)) expect(() => createTable(panel.table(view, {}))).not.toThrow();
      }
    }
  });

  it('ends every subscription and draws no more', async () => {
    const view = viewInState(recorded('images'), name === 'notices' ? 'failed' : 'done');
    expect(panel.accepts(view)).toBe(true);
    const { element, context, dispose } = mounted(name, view);
    expect(context.view.watchers()).toBe(1);
    dispose();
    expect([context.view, context.selection, context.theme].map((one) => one.watchers())).toEqual([0, 0, 0]);
    element.replaceChildren();
    context.view.set(viewInState(recorded('images'), 'empty'));
    await frames();
    expect(element.innerHTML).toBe('');
  });

  it('follows the theme', async () => {
    const { element, context, dispose } = mounted(name, viewInState(recorded('images'), 'done'));
    const before = element.innerHTML;
    context.theme.set('dark');
    await frames();
    if (element.querySelector('.chart > svg'))
      await vi.waitFor(() => expect(element.innerHTML).not.toBe(before), PATIENCE);
    dispose();
  });
});

describe('what panels do', () => {
  it('moves the selection along the axis by arrow keys, and says the numbers', () => {
    const { element, context, dispose } = mounted('curves', recorded('images'));
    const chart = element.querySelector<HTMLElement>('.chart');
    chart?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
    expect(context.selection.get().x).toBe(300);
    expect(context.said[0]).toMatch(/N = 300.*Bias theory 0\.1\d+ · exact sampling 0\.1\d+ ± 0\.000\d/);
    chart?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    expect(context.selection.get().x).toBeUndefined();
    dispose();
  });

  it('calls what was sampled as the run does: in the legend, in the frames and in the read-out', () => {
    const view = { ...recorded('images'), roleNames: { 'exact-sampling': 'HMC ± 1 s.e.' } };
    const curves = mounted('curves', view);
    expect(curves.element.textContent).toContain('HMC ± 1 s.e.');
    const chart = curves.element.querySelector<HTMLElement>('.chart');
    chart?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
    expect(curves.context.said[0]).toMatch(/Bias theory 0\.1\d+ · HMC 0\.1\d+ ±/);
    expect(curves.element.innerHTML).not.toMatch(/exact sampling/i);
    curves.dispose();
  });

  it('writes the agreement where a test reads it', () => {
    const { element, dispose } = mounted('agreement', recorded('images'));
    expect(Number(element.dataset.agreementPercent)).toBeGreaterThan(0);
    expect(Number(element.dataset.agreementPercent)).toBeLessThan(5);
    expect(Number(element.dataset.agreementZ)).toBeLessThan(4);
    const rows = [...element.querySelectorAll<HTMLElement>('tr[data-x]')];
    expect(rows.map((row) => Number(row.dataset.x))).toEqual([10, 30, 100, 300, 1000]);
    dispose();
  });

  it('offers the change that cures a failure, by the names that people know', () => {
    const { element, context, dispose } = mounted('notices', viewInState(recorded('images'), 'failed'));
    const buttons = [...element.querySelectorAll('button')];
    const cure = buttons.find((button) => button.textContent === 'Set step size η to 0.03 and run again');
    cure?.click();
    expect(context.edits.map(({ changes }) => changes)).toEqual([{ 'learners.gradient-descent.learningRate': 0.03 }]);
    expect(element.textContent).toContain('Not a solution yet.');
    expect(element.textContent).toContain('Use step size η 0.03, or 0 to have it chosen.');
    expect(element.textContent).not.toContain('learningRate');
    dispose();
  });

  it('outlines a cell in both maps of U and reads it out with its error', async () => {
    const { element, context, dispose } = mounted('order', recorded('images'));
    context.selection.set({ gates: [1, 2] });
    await frames();
    expect(element.querySelector('.read')?.textContent).toMatch(
      /half-space 1.* with half-space 2.*theory .*sampled .* ± /,
    );
    dispose();
  });
});
