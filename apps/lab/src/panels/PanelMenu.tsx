import { useEffect, useRef, useState } from 'preact/hooks';

/** A line of a menu. */
export interface MenuItem {
  readonly label: string;
  /** Set for what can be on or off. */
  readonly checked?: boolean;
  readonly press: () => void;
}

/** The button with three dots of a panel, and what it opens. */
export function PanelMenu({ title, items }: { readonly title: string; readonly items: readonly MenuItem[] }) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const entries = () => [...(box.current?.querySelectorAll<HTMLButtonElement>('[role^=menuitem]') ?? [])];

  useEffect(() => {
    if (!open) return;
    entries()[0]?.focus();
    const outside = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    event.stopPropagation();
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') close();
    if (step === undefined) return;
    event.preventDefault();
    all[(at + step + all.length) % all.length]?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the menu in it.
    <div class="panel-menu" ref={box} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        class="panel-dots"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={`Menu of ${title}`}
        onClick={() => setOpen(!open)}
      >
        <Dots />
      </button>
      {open && (
        <MenuList
          title={title}
          items={items}
          onPress={(item) => {
            close();
            item.press();
          }}
        />
      )}
    </div>
  );
}

function Dots() {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" fill="currentColor" aria-hidden="true">
      <circle cx="3" cy="8" r="1.4" />
      <circle cx="8" cy="8" r="1.4" />
      <circle cx="13" cy="8" r="1.4" />
    </svg>
  );
}

function MenuList(props: {
  readonly title: string;
  readonly items: readonly MenuItem[];
  readonly onPress: (item: MenuItem) => void;
}) {
  const { title, items, onPress } = props;
  return (
    <div class="panel-menu-list" role="menu" aria-label={title}>
      {items.map((item) => (
        // biome-ignore lint/a11y/useAriaPropsSupportedByRole: only a checkbox of the menu has a state.
        <button
          key={item.label}
          type="button"
          role={item.checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
          aria-checked={item.checked}
          onClick={() => onPress(item)}
        >
          {item.label}
        </button>
      ))}
    </div>
  );
}
