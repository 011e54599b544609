/** Path of the page of a module, e.g. `api/theory-bpkr.md` of `@ggdln/theory/bpkr`. */
export function apiPath(moduleName: string): string {
  return `api/${moduleName.replace('@ggdln/', '').replaceAll('/', '-')}.md`;
}
