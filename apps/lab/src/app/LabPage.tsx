import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { GalleryStrip } from '../gallery/GalleryStrip.tsx';
import { TalkBar } from '../gallery/TalkPage.tsx';
import { Transport } from '../transport/Transport.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Icon } from './Icon.tsx';
import type { Lab } from './lab.ts';
import { Problems } from './Problems.tsx';
import type { Route } from './route.ts';
import { summarise } from './summarise.ts';
import { useReadable } from './useReadable.ts';
import { useWide, WIDE } from './useWide.ts';
import type { Views } from './views.ts';

/** The only working screen: compose column, transport, panels, gallery strip. */
export function LabPage(props: { readonly lab: Lab; readonly views: Views; readonly route: Route }): JSX.Element {
  const { lab, views, route } = props;
  const over = route.page === 'lab' ? route.over : undefined;
  const talk = route.page === 'talk';
  const wide = useWide();
  const sheet = !wide && over === 'compose';
  const drawer = over === 'own-data' || over === 'own-plugin';
  const earlier = useReadable(lab.session.earlier);
  const { OwnData, OwnPlugin, Panels } = views;
  return (
    <div
      class={`shell${talk ? ' talk' : ''}`}
      data-sheet={sheet ? 'open' : undefined}
      data-drawer={drawer ? 'open' : undefined}
    >
      {!talk && <ComposeColumn lab={lab} views={views} sheet={sheet} />}
      <main id="main" tabIndex={-1} inert={sheet}>
        {route.page === 'talk' ? <TalkBar lab={lab} slide={route.slide} /> : <SummaryCard lab={lab} />}
        <Title lab={lab} />
        <Transport lab={lab} />
        <Problems lab={lab} />
        <ErrorBoundary what="The panels">
          <div class="panels-area" data-stale={lab.stale.value || earlier ? 'true' : undefined}>
            <Panels lab={lab} />
          </div>
        </ErrorBoundary>
      </main>
      {!talk && (
        <ErrorBoundary what="The gallery">
          <GalleryStrip lab={lab} onOpen={lab.openItem} />
        </ErrorBoundary>
      )}
      {over === 'own-data' && <OwnData lab={lab} onClose={backToLab} />}
      {over === 'own-plugin' && <OwnPlugin lab={lab} onClose={backToLab} />}
    </div>
  );
}

function backToLab(): void {
  window.location.hash = '#/';
}

/** Beside the panels on wide screens; on phones a sheet over everything, and closed stages at the end of the page. */
function ComposeColumn(props: { readonly lab: Lab; readonly views: Views; readonly sheet: boolean }): JSX.Element {
  const { lab, views, sheet } = props;
  const { Compose } = views;
  const close = useRef<HTMLAnchorElement>(null);
  useLayoutEffect(() => {
    if (sheet) close.current?.focus();
  }, [sheet]);
  useEffect(() => {
    if (window.matchMedia(WIDE).matches) return;
    // One below the other they would be several screens long.
    for (const stage of document.querySelectorAll('#compose details')) stage.removeAttribute('open');
  }, []);
  return (
    <section
      class={`compose-column${sheet ? ' sheet' : ''}`}
      id="compose"
      role={sheet ? 'dialog' : 'complementary'}
      aria-label="Compose the experiment"
    >
      {sheet && (
        <a class="btn sheet-back" href="#/" ref={close}>
          <Icon name="back" />
          Back to the plots
        </a>
      )}
      <ErrorBoundary what="Compose">
        <Compose lab={lab} />
      </ErrorBoundary>
    </section>
  );
}

/** What is composed, in two lines; opens the stages on a phone. */
function SummaryCard({ lab }: { readonly lab: Lab }): JSX.Element {
  const { parts, values } = summarise(lab.store.spec.value, lab.registry);
  return (
    <a class="summary-card card" href="#compose">
      <b>{parts}</b>
      <span>{values}</span>
      <em>Compose</em>
    </a>
  );
}

function Title({ lab }: { readonly lab: Lab }): JSX.Element {
  return (
    <div class="title">
      <h1>{lab.title}</h1>
      <p>{lab.lead}</p>
    </div>
  );
}
