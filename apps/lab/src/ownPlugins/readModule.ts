import { type ImportSpecifier, parse } from 'es-module-lexer/js';
import { type PluginFile, refusedFile } from './pluginFile.ts';

/** A module that imports nothing but what the lab holds. */
export interface ReadModule {
  /** What it imports, each once, e.g. `@ggdln/core`. */
  readonly imports: readonly string[];
  /** Its source with every specifier replaced by an address. */
  link(addressOf: (specifier: string) => string): string;
}

const BUILD = 'Build the plugin (npm run build) and choose the .js file that its package.json exports';

/**
 * Reads a plugin's file without running it.
 * @param held Specifiers that the lab has modules for.
 * @throws GGDLN_INPUT for what is no module, exports no plugin, or imports anything else; the message has the names.
 */
export function readModule(file: PluginFile, held: readonly string[]): ReadModule {
  const { source } = file;
  const [found, exported, , isModule] = lexed(file);
  if (!isModule) {
    throw refusedFile(file, 'is no ES module: it neither imports nor exports anything', BUILD);
  }
  // `import.meta` is no import.
  const imports = found.filter(({ d }) => d !== -2);
  refuseOthers(file, imports, held);
  const names = exported.map(({ n }) => n);
  if (!names.some((name) => name === 'plugin' || name === 'default')) {
    throw refusedFile(
      file,
      `exports ${names.join(', ') || 'nothing'}, but no plugin`,
      'A plugin module has `export const plugin = { name, contract, … }`',
    );
  }
  return {
    imports: [...new Set(imports.map(({ n = '' }) => n))],
    link: (addressOf) => linked(source, imports, addressOf),
  };
}

function lexed(file: PluginFile): ReturnType<typeof parse> {
  try {
    return parse(file.source, file.name);
  } catch (cause) {
    const at = (cause as { readonly idx?: number }).idx;
    const line = at === undefined ? '' : ` from line ${file.source.slice(0, at).split('\n').length} on`;
    throw refusedFile(file, `can't be read as JavaScript${line}`, BUILD, cause);
  }
}

function refuseOthers(file: PluginFile, imports: readonly ImportSpecifier[], held: readonly string[]): void {
  if (imports.some(({ n }) => n === undefined)) {
    throw refusedFile(
      file,
      'imports a module whose name is only known when it runs',
      'Write the name as a text, or bundle what it imports into the file',
    );
  }
  const others = [...new Set(imports.map(({ n = '' }) => n))].filter((name) => !held.includes(name));
  if (others.length === 0) return;
  throw refusedFile(
    file,
    `imports ${others.join(', ')}, which the lab does not hold`,
    `Bundle it into one file, e.g. npx esbuild src/index.ts --bundle --format=esm "--external:@ggdln/*" ` +
      `--outfile=dist/lab.js, and choose that one; the lab holds ${held.join(', ')}`,
  );
}

/** From the end, so that places stay what they are. */
function linked(source: string, imports: readonly ImportSpecifier[], addressOf: (specifier: string) => string): string {
  const backwards = [...imports].sort((a, b) => b.s - a.s);
  return backwards.reduce((text, { s, e, d, n = '' }) => {
    // The place of a dynamic import holds its quotes, that of a static one doesn't.
    const address = d === -1 ? addressOf(n) : JSON.stringify(addressOf(n));
    return text.slice(0, s) + address + text.slice(e);
  }, source);
}
