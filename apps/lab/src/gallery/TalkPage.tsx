import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Icon } from '../app/Icon.tsx';
import type { Lab } from '../app/lab.ts';

/** Titles of a five-minute talk, by their place in the gallery. */
const ORDER = [2, 4, 6, 8, 10];

/** The slides that the gallery has. */
function talkItems(lab: Pick<Lab, 'items'>): Lab['items'] {
  const chosen = ORDER.flatMap((place) => lab.items[place - 1] ?? []);
  return chosen.length > 0 ? chosen : lab.items;
}

/** The bar of a talk: where it stands, one back, one on. Opens and runs the item of the slide. */
export function TalkBar({ lab, slide }: { readonly lab: Lab; readonly slide: number }): JSX.Element {
  const items = talkItems(lab);
  const index = Math.min(slide, items.length) - 1;
  const id = items[index]?.id;
  useEffect(() => {
    if (id !== undefined && lab.store.state.peek().item !== id) lab.openItem(id);
  }, [id, lab]);
  useEffect(() => {
    // What the buttons of a presenter's remote send.
    const turn = (event: KeyboardEvent) => {
      const by = event.key === 'PageDown' ? 1 : event.key === 'PageUp' ? -1 : 0;
      if (by === 0) return;
      event.preventDefault();
      window.location.hash = `#talk/${Math.min(Math.max(1, index + 1 + by), items.length)}`;
    };
    window.addEventListener('keydown', turn);
    return () => window.removeEventListener('keydown', turn);
  }, [index, items.length]);
  return (
    <nav class="talk-bar" aria-label="Talk">
      <a class="btn icon" href={`#talk/${Math.max(1, index)}`} aria-label="Previous" aria-disabled={index === 0}>
        <Icon name="back" />
      </a>
      <span class="num">
        {index + 1} of {items.length}
      </span>
      <a
        class="btn icon"
        href={`#talk/${Math.min(items.length, index + 2)}`}
        aria-label="Next"
        aria-disabled={index === items.length - 1}
      >
        <Icon name="next" />
      </a>
      <a class="btn" href="#/">
        End the talk
      </a>
    </nav>
  );
}
