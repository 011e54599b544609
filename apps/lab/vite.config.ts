import { defineConfig, type UserConfigFnObject } from 'vite';

/** The pages are isolated, so that wasm threads may share memory where the browser allows it. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

const config: UserConfigFnObject = defineConfig(({ command }) => ({
  base: './',
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
