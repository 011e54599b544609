import type { PanelEntry } from '@ggdln/core';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { savePanel } from '../export/savePanel.ts';
import { createExplainPanel } from '../gallery/explainPanel.ts';
import { PanelGrid } from '../panels/PanelGrid.tsx';
import type { Lab } from './lab.ts';
import { equationLink } from './route.ts';

/** What went wrong stands before everything. */
const TOP = 'notices';
/** The explanation stands before the panel that closes the grid. */
const LAST = 'solver';

/** Every panel that applies, with the explanation of a gallery item among them, and what the item shows first first. */
export function PanelsView({ lab }: { readonly lab: Lab }): JSX.Element {
  const { panels: known, item } = lab;
  const explained = useMemo(() => withExplanation(known, item), [known, item]);
  const first = item.value?.first;
  const panels = useMemo(() => inFront(explained, first ?? []), [explained, first]);
  return (
    <PanelGrid
      panels={panels}
      context={lab.context}
      order={lab.store.view.value.panels}
      letterKeys={lab.preferences.shortcuts.value}
      equationHref={equationLink}
      onExport={(what) => void savePanel(what, lab)}
    />
  );
}

function inFront<T>(entries: { readonly [name: string]: T }, names: readonly string[]): { readonly [name: string]: T } {
  const order = [TOP, ...names].filter((name) => Object.hasOwn(entries, name));
  return { ...Object.fromEntries(order.map((name) => [name, entries[name]])), ...entries };
}

function withExplanation(panels: Lab['panels'], item: Lab['item']): { readonly [name: string]: PanelEntry } {
  const entries = Object.entries(panels);
  const at = entries.findIndex(([name]) => name === LAST);
  const place = at < 0 ? entries.length : at;
  return Object.fromEntries([
    ...entries.slice(0, place),
    ['explain', createExplainPanel(item)],
    ...entries.slice(place),
  ]);
}
