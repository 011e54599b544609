import { build, type Rolldown } from 'vite';

/** The chunks of a bundle by file name; the entry is `checks.js`. */
export async function bundle(entry: string): Promise<Map<string, string>> {
  const result = (await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, lib: { entry, formats: ['es'], fileName: 'checks' } },
  })) as Rolldown.RolldownOutput[];
  const chunks = result[0].output.filter((part): part is Rolldown.OutputChunk => part.type === 'chunk');
  return new Map(chunks.map((chunk) => [chunk.isEntry ? 'checks.js' : chunk.fileName, chunk.code]));
}
