import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { LARGEST_FILE, MOST_IMAGES } from './dropped.ts';

/** Takes files that are dropped or chosen. */
export function DropZone(props: {
  readonly onFiles: (files: readonly File[]) => void;
  /** What is being done; empty when nothing is. */
  readonly busy: string;
}): JSX.Element {
  const { onFiles, busy } = props;
  const [over, setOver] = useState(false);
  return (
    // The input inside does the same by keyboard.
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is for pointers
    <div
      class={`own-data-drop${over ? ' over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onFiles([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <label class="btn" for="own-data-files">
        Choose files…
      </label>
      <input
        id="own-data-files"
        class="drawer-file"
        type="file"
        multiple
        accept=".csv,.npy,.npz,image/png,image/jpeg"
        onChange={(event) => {
          const { currentTarget } = event;
          onFiles([...(currentTarget.files ?? [])]);
          currentTarget.value = '';
        }}
      />
      <p>
        or drop them here: a table as CSV, NPY or NPZ up to {LARGEST_FILE / 1e6} MB, or up to {MOST_IMAGES} pictures
        (PNG, JPEG) whose names begin with their class, e.g. cat-1.png.
      </p>
      <p class="own-data-busy" role="status">
        {busy !== '' && `${busy}…`}
      </p>
    </div>
  );
}
