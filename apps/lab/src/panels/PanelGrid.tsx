import type { PanelContext, PanelEntry, RunView } from '@ggdln/core';
import { useCallback } from 'preact/hooks';
import { type PanelActions, PanelCard } from './PanelCard.tsx';
import { useReadable } from './useReadable.ts';

export interface PanelGridProps extends PanelActions {
  readonly panels: Readonly<Record<string, PanelEntry>>;
  readonly context: PanelContext;
  /** Names in the order to show them; others are left out. Absent: all, as they are registered. */
  readonly order?: readonly string[];
}

/** Every panel that has something to show, in six columns. A panel stays mounted while it applies. */
export function PanelGrid({ panels, context, order, ...actions }: PanelGridProps) {
  const applying = useCallback(
    (view: RunView) =>
      (order ?? Object.keys(panels))
        .filter((name) => Object.hasOwn(panels, name) && panels[name].accepts(view))
        .join('\n'),
    [panels, order],
  );
  // One text, so that a view in which the same panels apply renders nothing here.
  const names = useReadable(context.view, applying)
    .split('\n')
    .filter((name) => name !== '');
  return (
    <div class="panel-grid">
      {names.map((name) => (
        <PanelCard key={name} name={name} entry={panels[name]} context={context} {...actions} />
      ))}
    </div>
  );
}
