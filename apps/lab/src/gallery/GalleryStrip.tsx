import type { JSX } from 'preact';
import type { Lab } from '../app/lab.ts';
import { GalleryCard } from './GalleryCard.tsx';

/** The cards under the panels. */
export function GalleryStrip({
  lab,
  onOpen,
}: {
  readonly lab: Lab;
  readonly onOpen: (id: string) => void;
}): JSX.Element {
  const current = lab.store.state.value.item;
  return (
    <section class="gallery" aria-labelledby="gallery-title">
      <div class="gallery-head">
        <h2 id="gallery-title">Gallery</h2>
        <span class="muted small">Each opens and runs; the sketch is the expected picture</span>
      </div>
      <ul class="gallery-cards">
        {lab.items.map((item) => (
          <GalleryCard key={item.id} item={item} current={item.id === current} onOpen={onOpen} />
        ))}
      </ul>
    </section>
  );
}
