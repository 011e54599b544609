import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import type { TypicalImport } from './typicalImports.ts';

/** A tree-shaken, minified bundle of one import. */
export interface Measured {
  /** Bytes of all its chunks after gzip, those that are loaded on demand included. */
  readonly gzip: number;
  readonly hasTensors: boolean;
}

/**
 * Bundles a program that uses one import of a package as built.
 * @param scratch A folder for the program.
 * @param folder The folder of the package: what it imports is looked up from there.
 */
export async function measure(entry: TypicalImport, scratch: string, folder: string): Promise<Measured> {
  const program = join(scratch, `${entry.from.replaceAll('/', '-')}-${entry.name}.js`);
  const file = builtFile(entry.from, folder);
  writeFileSync(program, `import { ${entry.name} } from ${JSON.stringify(file)};\nconsole.log(${entry.name});\n`);
  const inNode = entry.runs === 'node';
  const result = (await build({
    configFile: false,
    logLevel: 'error',
    root: scratch,
    build: {
      write: false,
      minify: true,
      ...(inNode ? { ssr: program } : {}),
      rolldownOptions: { input: program, ...(inNode ? { external: (id) => isForeign(id) } : {}) },
    },
    ...(inNode ? { ssr: { noExternal: true } } : {}),
  })) as Rolldown.RolldownOutput;
  const chunks = result.output.filter((part): part is Rolldown.OutputChunk => part.type === 'chunk');
  const modules = chunks.flatMap((chunk) => [...Object.keys(chunk.modules), ...chunk.imports]);
  return {
    gzip: chunks.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0),
    hasTensors: modules.some((id) => id.includes('@tensorflow')),
  };
}

/** What a package exports under a name such as `@ggdln/plot/node`. */
function builtFile(from: string, folder: string): string {
  const subpath = ['.', ...from.split('/').slice(2)].join('/');
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    exports: Readonly<Record<string, { readonly default: string }>>;
  };
  return join(folder, exports[subpath].default);
}

/** A bare name that isn't ours. */
function isForeign(id: string): boolean {
  return !id.startsWith('.') && !id.startsWith('/') && !/^[A-Z]:\\/i.test(id) && !id.startsWith('@ggdln/');
}
