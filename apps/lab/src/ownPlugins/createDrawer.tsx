import type { Plugin } from '@ggdln/core';
import type { ComponentType } from 'preact';
import type { Lab } from '../app/lab.ts';
import { isPartOf, missingPlugins } from './needs.ts';
import { OwnPluginDrawer } from './OwnPluginDrawer.tsx';
import type { OwnPlugins } from './ownPlugins.ts';

/** The drawer on the plugins of a page. */
export function createDrawer(plugins: OwnPlugins): ComponentType<{ readonly lab: Lab; readonly onClose: () => void }> {
  return ({ lab, onClose }) => (
    <OwnPluginDrawer
      plugins={plugins}
      missing={missingPlugins(lab.store.state.value, lab.registry)}
      onChange={(plugin) => reopen(lab, plugin)}
      onClose={onClose}
    />
  );
}

/** An experiment that has parts of the plugin is opened again: it couldn't be before, or can't be any more. */
function reopen(lab: Lab, plugin: Plugin): void {
  const state = lab.store.state.peek();
  if (!isPartOf(plugin, state.spec)) return;
  lab.openState({ ...state, needs: [...new Set([...(state.needs ?? []), plugin.name])].sort() });
}
