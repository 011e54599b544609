import type { PanelContext, PanelEntry, RunView, Selection } from '@ggdln/core';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type MenuItem, PanelMenu } from './PanelMenu.tsx';
import { PanelTable } from './PanelTable.tsx';
import { atPlace } from './run.ts';
import { useReadable } from './useReadable.ts';
import { equationName } from './words.ts';

/** What a page does with panels. */
export interface PanelActions {
  /** Where an equation such as `ggdln/2` is explained; absent: no link. */
  readonly equationHref?: (equation: string) => string;
  /** Saves a panel's picture or table. @param figure The panel's first picture, if it has one. */
  readonly onExport?: (what: {
    readonly kind: 'svg' | 'png' | 'csv';
    readonly name: string;
    readonly entry: PanelEntry;
    readonly figure: SVGSVGElement | undefined;
  }) => void;
  /** Whether single letters act. Default true. */
  readonly letterKeys?: boolean;
}

/** A panel and where it stands. */
export interface PanelCardProps extends PanelActions {
  readonly name: string;
  readonly entry: PanelEntry;
  readonly context: PanelContext;
  /** Columns of six that it takes on a wide screen, and where two panels share a row. */
  readonly span?: number;
  readonly pairSpan?: number;
}

/** A panel with its header: title, what it shows, its equation, and its menu. It mounts its picture once. */
export function PanelCard(props: PanelCardProps) {
  const { name, entry, context, equationHref, onExport, letterKeys = true } = props;
  const { span = entry.span, pairSpan = 6 } = props;
  const [asTable, setAsTable] = useState(false);
  const card = useRef<HTMLElement>(null);
  const body = useMounted(entry, context);
  const { heading, line, equation } = useHeader(entry, context);
  const turn = () => setAsTable(!asTable);
  const save =
    onExport && ((kind: 'svg' | 'png' | 'csv') => onExport({ kind, name, entry, figure: figureIn(body.current) }));
  const items: MenuItem[] = [
    { label: 'Show as a table (V)', checked: asTable, press: turn },
    { label: 'Full screen', press: () => toggleFullScreen(card.current) },
    ...(save ? savingItems(save) : []),
  ];
  const onKeyDown = (event: KeyboardEvent) => {
    if (!letterKeys || !isTurn(event)) return;
    event.preventDefault();
    turn();
  };
  const id = `panel-${name}`;
  return (
    <section
      ref={card}
      class={`panel card span${span} pair${pairSpan}`}
      data-panel={name}
      aria-labelledby={id}
      onKeyDown={onKeyDown}
    >
      <div class="panel-head">
        <h2 id={id}>{heading}</h2>
        <div class="panel-tools">
          {equation && equationHref && (
            <a class="panel-eq" href={equationHref(equation)}>
              {equationName(equation)}
            </a>
          )}
          <PanelMenu title={heading} items={items} />
        </div>
      </div>
      {line !== '' && <p class="panel-line small muted">{line}</p>}
      <div class="panel-body" ref={body} hidden={asTable} />
      {asTable && <PanelTable entry={entry} context={context} />}
    </section>
  );
}

/** An element in which the panel's picture stands as long as the card does. */
function useMounted(entry: PanelEntry, context: PanelContext) {
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = body.current;
    if (!element) return;
    const dispose = mounted(entry, element, context);
    return () => {
      dispose();
      element.replaceChildren();
    };
  }, [entry, context]);
  return body;
}

/** The first picture of a panel that is on show: hidden ones may be of an earlier run. */
const figureIn = (body: HTMLElement | null): SVGSVGElement | undefined =>
  body?.querySelector<SVGSVGElement>('.chart:not([hidden]) > svg') ?? undefined;

const savingItems = (save: (kind: 'svg' | 'png' | 'csv') => void): MenuItem[] => [
  { label: 'Save figure as SVG', press: () => save('svg') },
  { label: 'Save figure as PNG', press: () => save('png') },
  { label: 'Save numbers as CSV', press: () => save('csv') },
];

/** V turns the picture into its table and back, where nobody writes. */
function isTurn({ key, ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean {
  if (key !== 'v' || ctrlKey || metaKey || altKey) return false;
  return !(target instanceof Element && target.closest('input, select, textarea'));
}

/** Title, line and equation of a panel, as they stand. */
function useHeader(entry: PanelEntry, context: PanelContext): { heading: string; line: string; equation: string } {
  const texts = useCallback(
    (whole: RunView, selection: Selection) => {
      const view = atPlace(whole, selection);
      return [
        entry.heading?.(view, selection) ?? entry.title,
        entry.describe?.(view, selection) ?? '',
        (typeof entry.equation === 'function' ? entry.equation(view) : entry.equation) ?? '',
      ].join('\n');
    },
    [entry],
  );
  const { view, selection } = context;
  // Joined, so that an unchanged header is the same value and renders nothing.
  const byView = useReadable(
    view,
    useCallback((value) => texts(value, selection.get()), [texts, selection]),
  );
  const bySelection = useReadable(
    selection,
    useCallback((value) => texts(view.get(), value), [texts, view]),
  );
  const current = texts(view.get(), selection.get());
  const [heading, line, equation] = (current === byView ? byView : bySelection).split('\n');
  return { heading, line, equation };
}

function toggleFullScreen(element: HTMLElement | null): void {
  if (!element) return;
  // Refused by some browsers and frames: the panel then stays as it is.
  if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
  else element.requestFullscreen?.().catch(() => {});
}

/** Mounts a picture. One that fails, a plugin's perhaps, says so in its own card; the others go on. */
function mounted(entry: PanelEntry, element: HTMLElement, context: PanelContext): () => void {
  try {
    return entry.mount(element, context);
  } catch (error) {
    const note = element.ownerDocument.createElement('p');
    note.className = 'panel-broken';
    note.textContent = `This picture can't be drawn: ${error instanceof Error ? error.message : String(error)}`;
    element.replaceChildren(note);
    return () => {};
  }
}
