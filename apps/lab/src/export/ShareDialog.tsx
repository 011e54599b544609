import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../app/Icon.tsx';
import type { Lab } from '../app/lab.ts';
import { withNeeds } from '../ownPlugins/needs.ts';
import { writeLink } from '../state/urlState.ts';
import { ownFilesOf } from './ownFilesOf.ts';

/** The link to exactly this run, and in words what it holds and what not. */
export function ShareDialog({ lab, onClose }: { readonly lab: Lab; readonly onClose: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const [copied, setCopied] = useState<'yes' | 'no'>();
  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
  }, []);
  const link = linkTo(lab);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link.text);
      setCopied('yes');
      lab.announcer.say('The link is copied.');
    } catch {
      dialog.current?.querySelector('textarea')?.select();
      setCopied('no');
    }
  };
  return (
    <dialog class="share card" ref={dialog} aria-labelledby="share-title" onClose={onClose}>
      <div class="share-head">
        <h2 id="share-title">Share this run</h2>
        <button type="button" class="btn icon quiet" aria-label="Close" onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </div>
      {link.problem ? (
        <p class="note err">{link.problem}</p>
      ) : (
        <>
          <label class="small muted" for="share-link">
            Link, {link.text.length} characters
          </label>
          <textarea id="share-link" class="pick" readOnly rows={3} value={link.text} />
          <button type="button" class="btn primary" onClick={() => void copy()}>
            <Icon name={copied === 'yes' ? 'check' : 'copy'} />
            {copied === 'yes' ? 'Copied' : 'Copy the link'}
          </button>
          {copied === 'no' && (
            <p class="small">The browser kept the clipboard shut; the link is selected, copy it by hand.</p>
          )}
        </>
      )}
      <Contents lab={lab} />
    </dialog>
  );
}

function Contents({ lab }: { readonly lab: Lab }): JSX.Element {
  const files = ownFilesOf(lab.store.spec.peek());
  const { needs = [] } = withNeeds(lab.store.state.peek(), lab.registry);
  return (
    <div class="share-contents">
      <p>
        <b>It holds</b> every option, the seed, the version of ggdln ({lab.version}), the order of panels and the
        selected row. Whoever opens it gets the same numbers with the same backend.
      </p>
      <p>
        <b>It does not hold</b> results, data or code; a link never loads code. Nothing is uploaded: all of it stands in
        the link itself.
      </p>
      {files.map(({ name, sha256 }) => (
        <p class="note" key={sha256 || name}>
          <b>Own data</b>
          The link says that it needs your file {name}
          {sha256 && (
            <>
              , SHA-256 <code>{sha256}</code>
            </>
          )}
          . The file stays with you.
        </p>
      ))}
      {needs.map((name) => (
        <p class="note" key={name}>
          <b>Own plugin</b>
          The link says that it needs the plugin {name}. Its code stays with you.
        </p>
      ))}
    </div>
  );
}

function linkTo({ store, registry, version }: Lab): { readonly text: string; readonly problem?: string } {
  try {
    const { origin, pathname } = window.location;
    return { text: `${origin}${pathname}${writeLink(withNeeds(store.state.peek(), registry), version)}` };
  } catch (error) {
    return { text: '', problem: error instanceof Error ? error.message : String(error) };
  }
}
