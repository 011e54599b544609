import type { Plugin } from 'vite';

const PLOT = /[\\/]@observablehq[\\/]plot[\\/].*\.js$/;
const ASKS = 'window.devicePixelRatio > 1';

/**
 * Observable Plot moves thin lines by half a pixel on coarse screens. Figures that are saved must not depend on the
 * screen: they are drawn as on a fine one, which is how the command line draws them.
 */
export function plotPixelsPlugin(): Plugin {
  return {
    name: 'lab-plot-pixels',
    apply: 'build',
    transform(code, id) {
      return PLOT.test(id) && code.includes(ASKS) ? { code: code.replaceAll(ASKS, 'true'), map: null } : null;
    },
  };
}
