import type { ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useState } from 'preact/hooks';
import { ShareDialog } from '../export/ShareDialog.tsx';
import { GalleryPage } from '../gallery/GalleryPage.tsx';
import { TheoryRoute } from '../theoryPages/TheoryRoute.tsx';
import { AboutPage } from './AboutPage.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Header } from './Header.tsx';
import { KeyboardPage } from './KeyboardPage.tsx';
import { LabPage } from './LabPage.tsx';
import type { Lab } from './lab.ts';
import type { Offline } from './offline.ts';
import type { Route } from './route.ts';
import { useShortcuts } from './useShortcuts.ts';
import type { Views } from './views.ts';

/** The whole page. */
export function App(props: {
  readonly lab: Lab;
  readonly views: Views;
  readonly route: ReadonlySignal<Route>;
  readonly offline: Offline;
}): JSX.Element {
  const { lab, views, offline } = props;
  const route = props.route.value;
  const [sharing, setSharing] = useState(false);
  const actions = useMemo(
    () => ({
      share: () => setSharing(true),
      close: () => closeWhatIsOpen(props.route.peek()),
    }),
    [props.route],
  );
  useShortcuts(lab, props.route, actions);
  usePageFocus(route, lab);
  const works = route.page === 'lab' || route.page === 'talk';
  return (
    <>
      <button type="button" class="skip" onClick={toMain}>
        Skip to the plots
      </button>
      <Header lab={lab} route={route} offline={offline} onShare={actions.share} />
      {works ? (
        <LabPage lab={lab} views={views} route={route} />
      ) : (
        <ErrorBoundary what="This page">
          <main id="main" class="page" tabIndex={-1}>
            <Page lab={lab} route={route} />
          </main>
        </ErrorBoundary>
      )}
      <Foot page={!works} />
      {sharing && <ShareDialog lab={lab} onClose={() => setSharing(false)} />}
      <div class="sr" role="status" aria-live="polite" data-testid="announcer">
        {lab.announcer.message}
      </div>
    </>
  );
}

/** What is computed where, and every page for those who have no room for the bar at the top. */
function Foot({ page }: { readonly page: boolean }): JSX.Element {
  return (
    <footer class={page ? 'foot narrow' : 'foot'}>
      <p>Computed in this page, on this machine; nothing is sent anywhere.</p>
      <nav aria-label="All pages">
        <a href="#gallery">Gallery</a>
        <a href="#own-data">Own data</a>
        <a href="#own-plugin">Own plugin</a>
        <a href="#theory">Theory pages</a>
        <a href="#talk">Talk</a>
        <a href="#keyboard">Keyboard</a>
        <a href="#about">Versions and licences</a>
      </nav>
    </footer>
  );
}

function Page({ lab, route }: { readonly lab: Lab; readonly route: Route }): JSX.Element | null {
  const open = (id: string) => {
    lab.openItem(id);
    window.location.hash = '#/';
  };
  switch (route.page) {
    case 'gallery':
      return <GalleryPage lab={lab} onOpen={open} />;
    case 'theory':
      return <TheoryRoute system={route.system} section={route.section} />;
    case 'keyboard':
      return <KeyboardPage lab={lab} />;
    case 'about':
      return <AboutPage lab={lab} />;
    default:
      return null;
  }
}

/** The page's name in the window's title; who changes pages by keyboard starts at the top of the new one. */
function usePageFocus(route: Route, lab: Lab): void {
  const title = lab.title.value;
  const { page } = route;
  useEffect(() => {
    const names = {
      lab: title,
      talk: title,
      gallery: 'Gallery',
      theory: 'Theory pages',
      keyboard: 'Keyboard',
      about: 'About',
    };
    document.title = `${names[page]} · ggdln lab`;
  }, [page, title]);
  const [first, setFirst] = useState(true);
  // With the page, not a frame after it: by then something on it may have been given the focus.
  useLayoutEffect(() => {
    if (first) return setFirst(false);
    window.scrollTo(0, 0);
    document.getElementById('main')?.focus({ preventScroll: true });
  }, [page]);
}

/** A link would replace the route, so the jump is made by hand. */
function toMain(): void {
  document.getElementById('main')?.focus();
}

function closeWhatIsOpen(route: Route): void {
  const { activeElement } = document;
  if (route.page !== 'lab' || route.over) {
    window.location.hash = '#/';
    return;
  }
  if (activeElement instanceof HTMLElement && activeElement !== document.body) activeElement.blur();
}
