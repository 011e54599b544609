/** What keys do; single letters act only where no field has focus. */
export type Action =
  | 'run'
  | 'step'
  | 'back'
  | 'reset'
  | 'stop'
  | 'previous value'
  | 'next value'
  | 'stage'
  | 'gallery'
  | 'export'
  | 'share'
  | 'theme'
  | 'undo'
  | 'redo'
  | 'shortcuts'
  | 'close';

/** The table of the Keyboard page and of what is bound. Keys that panels handle themselves have no action here. */
export const SHORTCUTS: readonly {
  readonly keys: readonly string[];
  readonly action?: Action;
  readonly does: string;
}[] = [
  { keys: ['Space'], action: 'run', does: 'run, pause' },
  { keys: ['.'], action: 'step', does: 'one step forward' },
  { keys: [','], action: 'back', does: 'one snapshot back' },
  { keys: ['r'], action: 'reset', does: 'reset to the same initial weights' },
  { keys: ['x'], action: 'stop', does: 'stop for good, keep what is there' },
  { keys: ['['], action: 'previous value', does: 'previous value of the sweep' },
  { keys: [']'], action: 'next value', does: 'next value of the sweep' },
  { keys: ['1', '2', '3', '4', '5'], action: 'stage', does: 'open dataset, gating, architecture, learner, theory' },
  { keys: ['g'], action: 'gallery', does: 'gallery' },
  { keys: ['e'], action: 'export', does: 'export' },
  { keys: ['s'], action: 'share', does: 'share' },
  { keys: ['t'], action: 'theme', does: 'light or dark' },
  { keys: ['v'], does: 'plot or table of the panel that has focus' },
  { keys: ['←', '→', '↑', '↓'], does: 'move in a heat map, along points, a gate; with Shift ten times as far' },
  { keys: ['Ctrl+Z'], action: 'undo', does: 'undo' },
  { keys: ['Ctrl+Shift+Z'], action: 'redo', does: 'redo' },
  { keys: ['PageDown', 'PageUp'], does: 'next and previous slide of a talk' },
  { keys: ['?'], action: 'shortcuts', does: 'this page' },
  { keys: ['Esc'], action: 'close', does: 'close, then leave the panel' },
];

/** The part of a key press that decides. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly defaultPrevented: boolean;
  readonly repeat: boolean;
  readonly target: EventTarget | null;
}

/** What pressing a key means here and now; nothing if a field has focus or letters are switched off. */
export function actionOf(
  press: KeyPress,
  letters: boolean,
): { readonly action: Action; readonly key: string } | undefined {
  const { key, target } = press;
  if (press.defaultPrevented || press.altKey) return undefined;
  const element = isElement(target) ? target : undefined;
  if (press.ctrlKey || press.metaKey) {
    if (key.toLowerCase() !== 'z' || takesText(element)) return undefined;
    return { action: press.shiftKey ? 'redo' : 'undo', key };
  }
  if (key === 'Escape') return { action: 'close', key };
  if (takesText(element) || press.repeat) return undefined;
  if (key === ' ') return takesSpace(element) ? undefined : { action: 'run', key };
  if (!letters) return undefined;
  const found = SHORTCUTS.find(({ keys, action }) => action && keys.some((own) => own === key));
  return found?.action && { action: found.action, key };
}

const isElement = (target: EventTarget | null): target is Element => target !== null && 'closest' in target;

/** Fields, and whatever handles keys by itself. */
function takesText(element: Element | undefined): boolean {
  return Boolean(element?.closest('input, select, textarea, [contenteditable="true"], [role="menu"], dialog'));
}

/** Space presses what has focus, and scrolls nowhere else. */
function takesSpace(element: Element | undefined): boolean {
  return Boolean(element?.closest('button, a[href], summary, [role="button"], [role="tab"]'));
}
