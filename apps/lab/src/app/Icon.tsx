import type { JSX } from 'preact';

/** Outlines on a 16 × 16 field. */
const STROKES = {
  reset: 'M3 8a5 5 0 1 0 1.6-3.7M3 2.5v3h3',
  share: 'M6.5 9.5l3-3M7 4.6l1.2-1.2a3 3 0 0 1 4.3 4.3l-1.2 1.2M9 11.4l-1.2 1.2a3 3 0 0 1-4.3-4.3l1.2-1.2',
  export: 'M8 2.5V10M5 7l3 3 3-3M2.5 13.5h11',
  close: 'M4 4l8 8M12 4l-8 8',
  back: 'M10 3.5L5.5 8l4.5 4.5',
  next: 'M6 3.5L10.5 8 6 12.5',
  check: 'M3.5 8.5l3 3 6-7',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7L14 14',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
} as const;

const SHAPES = {
  play: 'M4.5 2.8v10.4l8.6-5.2z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  step: 'M3.5 3l6 5-6 5zM11 3h2v10h-2z',
  stop: 'M3.5 3.5h9v9h-9z',
} as const;

export type IconName = keyof typeof STROKES | keyof typeof SHAPES;

/** A picture beside or instead of a word; the control that holds it carries the name. */
export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  if (name in SHAPES) {
    return (
      <svg viewBox="0 0 16 16" fill="currentColor" aria-hidden="true">
        <path d={SHAPES[name as keyof typeof SHAPES]} />
      </svg>
    );
  }
  return (
    <svg
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.6"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={STROKES[name as keyof typeof STROKES]} />
    </svg>
  );
}

/** A circle, half of it filled: the other theme. */
export function ThemeIcon(): JSX.Element {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.5" />
      <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
    </svg>
  );
}

/** The mark of the lab: a curve of theory through two measured points with bars. */
export function Brand(): JSX.Element {
  return (
    <svg viewBox="0 0 26 26" aria-hidden="true">
      <rect width="26" height="26" rx="6" fill="var(--accent)" />
      <g fill="none" stroke="var(--on-accent)" stroke-linecap="round">
        <path d="M5 19.5C8.5 12 13.5 8.6 21 7.6" stroke-width="2" />
        <path d="M9.6 9.6v6.8M16.4 6v5.6" stroke-width="1.5" />
      </g>
      <g fill="var(--on-accent)">
        <circle cx="9.6" cy="13" r="2.2" />
        <circle cx="16.4" cy="8.8" r="2.2" />
      </g>
    </svg>
  );
}
