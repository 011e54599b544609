import type { JSX } from 'preact';
import type { KeptFile, OwnFiles } from '../engine/ownFiles.ts';
import { saveFile } from '../export/saveFile.ts';

/** Files that this browser keeps: to open, to save for the command line, to remove. */
export function KeptFiles(props: {
  readonly kept: readonly KeptFile[];
  readonly files: OwnFiles;
  readonly onChange: () => void;
  readonly onOpen: (name: string) => void;
}): JSX.Element | null {
  const { kept, files, onChange, onOpen } = props;
  if (kept.length === 0) return null;
  const save = async (name: string) => {
    const content = await files.get(name);
    if (content) saveFile({ name, type: 'application/octet-stream', content }, document);
  };
  return (
    <div class="own-data-kept">
      <h3>Kept in this browser</h3>
      <ul>
        {kept.map(({ name, bytes, sha256 }) => (
          <li key={name}>
            <span title={`SHA-256 ${sha256}`}>
              {name} <span class="muted small num">{sizeWords(bytes)}</span>
            </span>
            <button type="button" class="btn small" aria-label={`Open ${name}`} onClick={() => onOpen(name)}>
              Open
            </button>
            <button
              type="button"
              class="btn small"
              aria-label={`Save ${name}`}
              title="A copy for ggdln run"
              onClick={() => save(name)}
            >
              Save
            </button>
            <button
              type="button"
              class="btn small"
              aria-label={`Remove ${name}`}
              onClick={() => files.remove(name).then(onChange)}
            >
              Remove
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function sizeWords(bytes: number): string {
  return bytes < 1e6
    ? `${Math.max(1, Math.round(bytes / 1e3))}\u00a0kB`
    : `${Number((bytes / 1e6).toPrecision(2))}\u00a0MB`;
}
