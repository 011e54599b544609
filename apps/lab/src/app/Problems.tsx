import type { JSX } from 'preact';
import { ownFilesOf } from '../export/ownFilesOf.ts';
import { missingPlugins } from '../ownPlugins/needs.ts';
import type { Lab } from './lab.ts';
import { useReadable } from './useReadable.ts';

/** What went wrong as a whole. Points that failed, and warnings, are told in a panel of their own. */
export function Problems({ lab }: { readonly lab: Lab }): JSX.Element {
  const error = useReadable(lab.session.error);
  const { points } = useReadable(lab.session.view);
  const told = points.some((point) => point.error?.problem === error?.problem);
  const missing = missingPlugins(lab.store.state.value, lab.registry);
  // A part that nobody here knows, of a plugin that is asked for already.
  const asked = missing.length > 0 && error?.code === 'GGDLN_UNKNOWN_NAME';
  return (
    <>
      {missing.length > 0 && (
        <div class="note warn" role="alert">
          <b>
            This experiment needs the {missing.length > 1 ? 'plugins' : 'plugin'} {missing.join(', ')}.
          </b>
          A link never loads code: choose the file of a plugin that you trust. <a href="#own-plugin">Own plugin</a>
        </div>
      )}
      {error && !told && !asked && (
        <div class="note err" role="alert" data-error={error.code}>
          <b>{error.problem}</b>
          {error.remedy} <code class="muted">{error.code}</code>
          {error.code === 'GGDLN_DATA' && <MissingFiles lab={lab} />}
        </div>
      )}
      {lab.notice.value && (
        <div class="note warn" role="alert">
          {lab.notice}
          <br />
          <button type="button" class="btn" onClick={() => dismiss(lab)}>
            Close
          </button>
        </div>
      )}
      {lab.store.refusal.value && (
        <div class="note warn" role="alert">
          {lab.store.refusal}
        </div>
      )}
    </>
  );
}

/** The files that whoever sent the link has, and the way to add them. */
function MissingFiles({ lab }: { readonly lab: Lab }): JSX.Element | null {
  const files = ownFilesOf(lab.store.spec.value);
  if (files.length === 0) return null;
  return (
    <p>
      {files.map(({ name, sha256 }) => (
        <span key={name}>
          It needs your file {name}
          {sha256 && (
            <>
              , SHA-256 <code>{sha256}</code>
            </>
          )}
          .{' '}
        </span>
      ))}
      <a href="#own-data">Add the file</a>
    </p>
  );
}

function dismiss({ notice }: Lab): void {
  notice.value = undefined;
}
