import { fileURLToPath } from 'node:url';
import { defineConfig, type UserConfigFnObject } from 'vite';
import { dataPlugin } from './build/dataPlugin.ts';
import { offlinePlugin } from './build/offlinePlugin.ts';
import { pageOnlyPlugin } from './build/pageOnlyPlugin.ts';
import { plotPixelsPlugin } from './build/plotPixels.ts';
import { readVersions } from './build/versions.ts';

/** The pages are isolated, so that wasm threads may share memory where the browser allows it. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const config: UserConfigFnObject = defineConfig(({ command }) => ({
  base: './',
  define: { __LAB_VERSIONS__: JSON.stringify(readVersions(here('.'))) },
  plugins: [
    dataPlugin(here('../../packages/datasets/assets')),
    pageOnlyPlugin(),
    plotPixelsPlugin(),
    offlinePlugin(here('./build/offlineWorker.js')),
  ],
  resolve: {
    // Sources while developing; what is published when built, as users get it.
    conditions: [...(command === 'serve' ? ['@ggdln/source'] : []), 'module', 'browser', 'development|production'],
  },
  server: { headers: isolation },
  preview: { headers: isolation },
  worker: { format: 'es' as const },
  build: { target: 'es2022', sourcemap: true },
}));

export default config;
