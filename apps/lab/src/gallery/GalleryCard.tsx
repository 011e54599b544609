import type { JSX } from 'preact';
import type { GalleryItem } from './galleryItem.ts';
import { Sketch } from './Sketch.tsx';

/** An item as a card; pressing it opens and runs it. With `paragraph` it says what runs and what to see. */
export function GalleryCard(props: {
  readonly item: GalleryItem;
  readonly current: boolean;
  readonly paragraph?: boolean;
  readonly onOpen: (id: string) => void;
}): JSX.Element {
  const { item, current, paragraph, onOpen } = props;
  return (
    <li>
      <button
        type="button"
        class="gallery-card card"
        aria-current={current ? 'true' : undefined}
        data-item={item.id}
        onClick={() => onOpen(item.id)}
      >
        <Sketch sketch={item.sketch} />
        <span class="gallery-system">{item.system}</span>
        <b>{item.title}</b>
        {paragraph && <span class="gallery-lead">{item.lead}</span>}
        {paragraph && (
          <span class="gallery-promise">Theory within {item.agreement.percent}&nbsp;% of simulation at the end</span>
        )}
      </button>
    </li>
  );
}
