import type { PanelContext, PanelEntry, RunView } from '@ggdln/core';
import { useCallback } from 'preact/hooks';
import { arrange, type Placed } from './arrange.ts';
import { type PanelActions, PanelCard } from './PanelCard.tsx';
import { useReadable } from './useReadable.ts';

/** Panels, and the run that they show. */
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
  const placed = arrange(
    names.map((name) => ({ name, span: panels[name].span })),
    6,
  );
  const narrow = narrowSpans(placed, panels);
  return (
    <div class="panel-grid">
      {placed.map(({ name, span }, index) => (
        <PanelCard
          key={name}
          name={name}
          entry={panels[name]}
          context={context}
          span={span}
          pairSpan={narrow[index]}
          {...actions}
        />
      ))}
    </div>
  );
}

/** Columns where there is room for two panels in a row, in the order that they have anyway. */
function narrowSpans(placed: readonly Placed[], panels: PanelGridProps['panels']): number[] {
  const half = placed.map(({ name }) => panels[name].span === 2);
  const spans: number[] = [];
  for (let i = 0; i < placed.length; i++) {
    if (half[i] && half[i + 1]) {
      spans.push(3, 3);
      i++;
    } else {
      spans.push(6);
    }
  }
  return spans;
}
