import type { Json, PanelContext, RunView, Selection, Writable } from '@ggdln/core';
import { render } from 'preact';
import { labPanels } from './index.ts';
import { PanelGrid } from './PanelGrid.tsx';
import { recordedView, recordedViews, viewInState } from './recorded.ts';
import '../app/tokens.css';
import '../app/base.css';
import '../charts/charts.css';
import './panels.css';

function writable<Value>(value: Value): Writable<Value> {
  const listeners = new Set<() => void>();
  let current = value;
  return {
    get: () => current,
    set(next) {
      current = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const query = new URLSearchParams(location.search);
const theme = query.get('theme') === 'dark' ? 'dark' : 'light';
document.documentElement.dataset.theme = theme;

/** Every panel on recorded runs: `?run=images&state=running&theme=dark`. */
async function start(): Promise<void> {
  const runs = query.get('run')?.split(',') ?? Object.keys(recordedViews);
  const root = document.createElement('main');
  root.style.cssText = 'max-width:1136px;margin:0 auto;padding:16px';
  document.body.append(root);
  for (const run of runs) {
    const view = writable<RunView>(viewInState(await recordedView(run), query.get('state') ?? 'done'));
    const selection = writable<Selection>({});
    const context: PanelContext = {
      view,
      selection,
      theme: writable<'light' | 'dark'>(theme),
      edit: (changes: { readonly [path: string]: Json }) => console.log('edit', JSON.stringify(changes)),
      announce: (sentence) => console.log('announce', sentence),
    };
    const place = document.createElement('div');
    const title = document.createElement('h1');
    title.textContent = `${run}: ${view.get().title}`;
    title.style.margin = '16px 0';
    root.append(title, place);
    render(
      <PanelGrid
        panels={labPanels}
        context={context}
        equationHref={(id) => `#${id}`}
        onExport={(what) => console.log('export', what.kind)}
      />,
      place,
    );
    if (query.get('state') === 'play') play(view);
  }
}

/** Shows the snapshots of a run one after the other, as if it ran. */
function play(view: Writable<RunView>): void {
  const end = view.get();
  let index = 0;
  setInterval(() => {
    view.set(viewInState(end, `at ${index % 20}`));
    index++;
  }, 100);
}

void start();
