import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Lab } from '../app/lab.ts';
import { GalleryCard } from './GalleryCard.tsx';
import { FACETS, type Facet, type GalleryQuery, partsOf, searchItems, titleOf } from './searchItems.ts';

/** All items with their paragraph, searched by words and by the parts that they are made of. */
export function GalleryPage({
  lab,
  onOpen,
}: {
  readonly lab: Lab;
  readonly onOpen: (id: string) => void;
}): JSX.Element {
  const [query, setQuery] = useState<GalleryQuery>({ words: '', parts: {} });
  const found = searchItems(lab.items, query, lab.registry);
  const current = lab.store.state.value.item;
  return (
    <>
      <h1>Gallery</h1>
      <p class="page-lead">
        Claims and questions, each with its theory, its simulation and the agreement it should end in.
      </p>
      <search class="gallery-filters">
        <label class="gallery-words">
          <span class="sr">Search</span>
          <input
            type="search"
            class="pick"
            placeholder="Search, e.g. half-spaces"
            value={query.words}
            onInput={(event) => setQuery({ ...query, words: event.currentTarget.value })}
          />
        </label>
        {FACETS.map((facet) => (
          <FacetChoice
            key={facet}
            lab={lab}
            facet={facet}
            chosen={query.parts[facet] ?? ''}
            onChoose={(use) => setQuery({ ...query, parts: { ...query.parts, [facet]: use } })}
          />
        ))}
      </search>
      <p class="small muted" role="status">
        {found.length === lab.items.length ? `${found.length} experiments` : `${found.length} of ${lab.items.length}`}
      </p>
      {found.length === 0 && (
        <p class="note">
          <b>Nothing fits all of this.</b>
          <button type="button" class="btn" onClick={() => setQuery({ words: '', parts: {} })}>
            Show all
          </button>
        </p>
      )}
      <ul class="gallery-cards large">
        {found.map((item) => (
          <GalleryCard key={item.id} item={item} current={item.id === current} paragraph onOpen={onOpen} />
        ))}
      </ul>
    </>
  );
}

function FacetChoice(props: {
  readonly lab: Lab;
  readonly facet: Facet;
  readonly chosen: string;
  readonly onChoose: (use: string) => void;
}): JSX.Element | null {
  const { lab, facet, chosen, onChoose } = props;
  const uses = [...new Set(lab.items.flatMap((item) => partsOf(item)[facet]))];
  if (uses.length < 2) return null;
  return (
    <select
      class="pick"
      aria-label={`By ${facet}`}
      value={chosen}
      onChange={(event) => onChoose(event.currentTarget.value)}
    >
      <option value="">{`Any ${facet}`}</option>
      {uses.map((use) => (
        <option key={use} value={use}>
          {titleOf(lab.registry, facet, use)}
        </option>
      ))}
    </select>
  );
}
