import type { JSX } from 'preact';
import { shadesOf } from '../compose/pictures.ts';
import { classOf, type Dropped, firstRows, type GreyImage } from './dropped.ts';

const ROWS = 5;
const COLUMNS = 8;
const PICTURES = 12;
const GREYS = 16;

/** Pictures as they were read. */
export interface Pictured {
  readonly images: readonly GreyImage[];
  readonly side: number;
}

/** What a file holds: five rows of a table, or twelve pictures with their classes. */
export function Preview(props: { readonly dropped: Dropped; readonly pictured: Pictured | undefined }): JSX.Element {
  const { dropped, pictured } = props;
  const { table, rows, exact, name } = dropped;
  const shown = table.columns.slice(0, COLUMNS);
  const more = table.columns.length - shown.length;
  const size = `${exact ? '' : 'about '}${rows} rows, ${table.columns.length} columns`;
  return (
    <div class="own-data-preview">
      <p>
        <b>{name}</b> <span class="muted small num">{size}</span>
      </p>
      {pictured ? (
        <Pictures {...pictured} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section class="own-data-table" aria-label={`The first rows of ${name}`} tabIndex={0}>
          <table>
            <thead>
              <tr>
                {shown.map((column) => (
                  <th key={column.name} scope="col">
                    {column.name}
                  </th>
                ))}
                {more > 0 && <th scope="col">and {more} more</th>}
              </tr>
            </thead>
            <tbody>
              {firstRows(table, ROWS, COLUMNS).map((cells, row) => (
                <tr key={String(row)}>
                  {cells.map((cell, index) => (
                    <td key={shown[index].name}>{cell}</td>
                  ))}
                  {more > 0 && <td>…</td>}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}

function Pictures({ images, side }: Pictured): JSX.Element {
  const shown = images.slice(0, PICTURES);
  return (
    <div class="own-data-pictures" role="img" aria-label={`The first ${shown.length} pictures with their classes`}>
      {shown.map(({ name, pixels }) => (
        <figure key={name}>
          <svg viewBox={`0 0 ${side} ${side}`} width="44" height="44" aria-hidden="true">
            {shadesOf(pixels, side, [0, 255], GREYS).map(({ level, path }) => (
              <path
                key={level}
                d={path}
                fill={`rgb(${Array(3)
                  .fill((255 * level) / (GREYS - 1))
                  .join()})`}
              />
            ))}
          </svg>
          <figcaption>{classOf(name)}</figcaption>
        </figure>
      ))}
    </div>
  );
}
