import { hostModules } from './hostModules.ts';
import { createPluginLoader } from './pluginLoader.ts';

/** Loads plugins in a page or a worker. Addresses last as long as it does: a module may be imported again. */
export const loadPlugin = createPluginLoader({
  modules: hostModules,
  addressOf: (source) => URL.createObjectURL(new Blob([source], { type: 'text/javascript' })),
});
