/** Everything that a module exports, by name. */
export type Namespace = Readonly<Record<string, unknown>>;

/**
 * The packages that a plugin of the user's own may import, each the lab's own copy. They are loaded when a plugin asks
 * for them.
 */
export const hostModules: { readonly [specifier: string]: () => Promise<Namespace> } = {
  '@ggdln/core': () => import('@ggdln/core'),
  '@ggdln/linalg': () => import('@ggdln/linalg'),
  '@ggdln/gating': () => import('@ggdln/gating'),
  '@ggdln/datasets': () => import('@ggdln/datasets'),
  '@ggdln/io': () => import('@ggdln/io'),
};
