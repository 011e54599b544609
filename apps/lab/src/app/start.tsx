import type { JSX } from 'preact';
import { createSession } from '../engine/createSession.ts';
import { createOwnFiles, filesOf } from '../engine/ownFiles.ts';
import type { GalleryItem } from '../gallery/galleryItem.ts';
import { galleryItems } from '../gallery/items/index.ts';
import { createOwnPlugins } from '../ownPlugins/ownPlugins.ts';
import { labPanels } from '../panels/index.ts';
import { labPlugins } from '../plugins.ts';
import { createPreferences, type PreferenceStorage } from '../state/preferences.ts';
import { createStore } from '../state/store.ts';
import { App } from './App.tsx';
import { arrive, followAddress } from './address.ts';
import { createLab } from './lab.ts';
import { createViews } from './labViews.tsx';
import { followOffline } from './offline.ts';
import { followTheme } from './theme.ts';
import { VERSIONS } from './versions.ts';

/** Puts the page together: plugins, workers, state, panels, address. */
export function startLab(window: Window, items: readonly GalleryItem[] = galleryItems): JSX.Element {
  const preferences = createPreferences(storageOf(window));
  const plugins = createOwnPlugins({
    plugins: labPlugins,
    panels: labPanels,
    load: async (file) => (await import('../ownPlugins/browserLoader.ts')).loadPlugin(file),
  });
  const ownFiles = createOwnFiles(window.indexedDB);
  const arrival = arrive(window);
  const [first] = items;
  const state = arrival.state ?? { spec: first.spec, view: {}, item: first.id };
  const session = createSession({
    get registry() {
      return plugins.registry.peek();
    },
    plugins: plugins.files,
    ownFiles: filesOf(ownFiles),
  });
  const lab = createLab({
    store: createStore(state),
    session,
    get registry() {
      return plugins.registry.value;
    },
    get panels() {
      return plugins.panels.value;
    },
    items,
    ownFiles,
    preferences,
    theme: followTheme(preferences, window),
    version: VERSIONS.ggdln,
  });
  lab.notice.value = arrival.notice;
  const route = followAddress(lab, window);
  const worker = import.meta.env.PROD ? './offline.js' : undefined;
  return <App lab={lab} views={createViews(plugins)} route={route} offline={followOffline(window, worker)} />;
}

function storageOf(window: Window): PreferenceStorage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined; // refused: choices last as long as the page
  }
}
