import type { JSX } from 'preact';
import type { GalleryItem } from './galleryItem.ts';

/** The expected picture of an item: theory as a line, simulation as points. It is decoration; the title says it. */
export function Sketch({ sketch }: { readonly sketch: GalleryItem['sketch'] }): JSX.Element {
  const { theory, simulated } = sketch;
  return (
    <svg class="gallery-sketch" viewBox="0 0 200 64" aria-hidden="true">
      <path class="gallery-base" d="M6 58.5H194" />
      {pieces(theory).map((line) => (
        <path key={line} class="gallery-theory" d={line} />
      ))}
      {simulated.map(([x, y]) => (
        <circle key={`${x} ${y}`} class="gallery-point" cx={across(x)} cy={down(y)} r="3.2" />
      ))}
    </svg>
  );
}

/** A 100 × 40 field onto the card, with a margin for marks. */
const across = (x: number): number => round(6 + 1.88 * x);
const down = (y: number): number => round(5 + 1.3 * y);
const round = (value: number): number => Math.round(10 * value) / 10;

/** A line that goes back to the left begins a curve of its own. */
function pieces(points: readonly (readonly [number, number])[]): string[] {
  const lines: string[] = [];
  points.forEach(([x, y], i) => {
    const goesOn = i > 0 && x >= points[i - 1][0];
    const place = `${across(x)} ${down(y)}`;
    if (goesOn) lines[lines.length - 1] += `L${place}`;
    else lines.push(`M${place}`);
  });
  return lines;
}
