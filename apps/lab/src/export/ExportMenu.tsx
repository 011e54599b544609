import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../app/Icon.tsx';
import type { Lab } from '../app/lab.ts';
import { linalgName } from './exportedRun.ts';
import type { ExportKind } from './exportRun.ts';
import { saveFile } from './saveFile.ts';

const ENTRIES: readonly { readonly kind: ExportKind; readonly label: string; readonly note: string }[] = [
  { kind: 'svg', label: 'Figure', note: 'SVG, text stays text' },
  { kind: 'png-1', label: 'Figure', note: 'PNG × 1' },
  { kind: 'png-2', label: 'Figure', note: 'PNG × 2' },
  { kind: 'png-4', label: 'Figure', note: 'PNG × 4' },
  { kind: 'table', label: 'Table', note: 'CSV' },
  { kind: 'arrays', label: 'Arrays', note: 'NPZ for NumPy' },
  { kind: 'spec', label: 'Experiment', note: 'YAML for ggdln run' },
  { kind: 'all', label: 'Everything', note: 'ZIP' },
];

/** A menu button: what is on screen as files. Arrows walk, Esc closes, and focus goes back to the button. */
export function ExportMenu({ lab }: { readonly lab: Lab }): JSX.Element {
  const [open, setOpen] = useState(false);
  const [problem, setProblem] = useState<string>();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  useLayoutEffect(() => {
    if (!open) return;
    menu.current?.querySelector('button')?.focus();
    const outside = (event: Event) => {
      if (!(event.target instanceof Node) || menu.current?.parentElement?.contains(event.target)) return;
      setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);
  const choose = async (kind: ExportKind) => {
    close();
    setProblem(await save(kind, lab));
  };
  return (
    <div class="export">
      <button
        type="button"
        ref={button}
        class="btn"
        data-opens="export"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label="Export figures, table, arrays, experiment file"
        onClick={() => setOpen(!open)}
      >
        <Icon name="export" />
        <span class="top-label">Export</span>
      </button>
      {open && (
        <div class="export-menu card" role="menu" aria-label="Export" tabIndex={-1} ref={menu} onKeyDown={walk(close)}>
          {ENTRIES.map(({ kind, label, note }) => (
            <button type="button" role="menuitem" key={kind} data-export={kind} onClick={() => void choose(kind)}>
              <b>{label}</b>
              <span>{note}</span>
            </button>
          ))}
        </div>
      )}
      {problem && (
        <div class="export-menu card note err" role="alert">
          <b>Nothing was saved.</b>
          {problem}
          <br />
          <button type="button" class="btn" onClick={() => setProblem(undefined)}>
            Close
          </button>
        </div>
      )}
    </div>
  );
}

/** @returns Why nothing was saved, if so. */
async function save(kind: ExportKind, lab: Lab): Promise<string | undefined> {
  const { session, registry, version } = lab;
  // As it is at the press, whatever runs on while the code for it is loaded.
  const view = session.view.get();
  try {
    const { exportRun } = await import('./exportRun.ts');
    const linalg = linalgName(session.backends.get()?.linalg, registry);
    const file = await exportRun(kind, { view, registry, version, linalg }, document);
    saveFile(file, document);
    lab.announcer.say(`Saved ${file.name}.`);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function walk(close: () => void) {
  return (event: KeyboardEvent & { readonly currentTarget: HTMLElement }) => {
    const entries = [...event.currentTarget.querySelectorAll('button')];
    const at = entries.indexOf(document.activeElement as HTMLButtonElement);
    const places: { readonly [key: string]: number } = {
      ArrowDown: (at + 1) % entries.length,
      ArrowUp: (at - 1 + entries.length) % entries.length,
      Home: 0,
      End: entries.length - 1,
    };
    if (event.key === 'Escape' || event.key === 'Tab') close();
    if (event.key in places) entries[places[event.key]].focus();
    if (event.key in places || event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
    }
  };
}
