declare const __LAB_VERSIONS__: { readonly [name: string]: string } | undefined;

/** Versions of what the page is built from, written in when it is built; `ggdln` comes first. */
export const VERSIONS: { readonly [name: string]: string } =
  typeof __LAB_VERSIONS__ === 'undefined' ? { ggdln: 'development' } : __LAB_VERSIONS__;
