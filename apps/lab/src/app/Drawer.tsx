import type { ComponentChildren, JSX, RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import './drawer.css';

/** A drawer over the compose column; Esc and its button close it, and its heading has the focus when it opens. */
export function Drawer(props: {
  /** Its heading is `ID-heading`. */
  readonly id: string;
  readonly title: string;
  /** Takes the heading, which content may give the focus back to. */
  readonly heading: RefObject<HTMLHeadingElement | null>;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { id, title, heading, onClose, children } = props;
  useLayoutEffect(() => heading.current?.focus(), [heading]);
  return (
    <section
      class={`drawer ${id} card`}
      role="dialog"
      aria-modal="false"
      aria-labelledby={`${id}-heading`}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <div class="drawer-head">
        <h2 id={`${id}-heading`} tabIndex={-1} ref={heading}>
          {title}
        </h2>
        <button type="button" class="btn quiet small" onClick={onClose}>
          Close
        </button>
      </div>
      {children}
    </section>
  );
}
