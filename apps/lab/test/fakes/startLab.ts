import { createRegistry } from '@ggdln/core';
import { standardPlugins } from '@ggdln/standard';
import { signal } from '@preact/signals';
import { createLab } from '../../src/app/lab.ts';
import { createOwnFiles } from '../../src/engine/ownFiles.ts';
import type { GalleryItem } from '../../src/gallery/galleryItem.ts';
import { createPreferences } from '../../src/state/preferences.ts';
import { createStore } from '../../src/state/store.ts';
import { fakeSession } from './fakeSession.ts';

const parts = {
  ggdln: 1,
  temperature: 0.01,
  dataset: { use: 'mnist-small' },
  gating: { use: 'half-spaces' },
  architecture: { use: 'ggdln' },
  learners: [{ use: 'block-gibbs' }],
  theories: [{ use: 'ggdln' }],
};

const item: GalleryItem = {
  id: 'one',
  title: 'Does it?',
  system: 'GGDLN',
  lead: 'It does.',
  before: '',
  equation: '',
  after: '',
  source: 'ggdln/2',
  spec: { ...parts, name: 'one', seed: 1 },
  agreement: { metric: 'bias', percent: 1 },
  sketch: { theory: [], simulated: [] },
};

/** A lab with one gallery item, whose session computes nothing and says what it was told. */
export function startLab() {
  const session = fakeSession();
  const store = createStore({ spec: { ...parts, name: 'start', seed: 0 }, view: {} });
  const lab = createLab({
    store,
    session,
    registry: createRegistry(standardPlugins),
    items: [item],
    panels: {},
    ownFiles: createOwnFiles(),
    preferences: createPreferences(),
    theme: signal('light'),
    version: '0.0.0',
  });
  return { lab, store, session, told: session.told };
}
