import { readFile } from 'node:fs/promises';
import { main } from 'assemblyscript/asc';

const folder = new URL('../assembly/', import.meta.url);

const options = [
  ...['-O3', '--noAssert', '--runtime', 'stub', '--uncheckedBehavior', 'always', '--use', 'abort='],
  ...['--enable', 'simd'],
];

/** Compiles assembly/*.ts in memory. Returns the bytes of the WebAssembly module. */
export async function compileKernels() {
  let binary;
  const complaints = [];
  const { error } = await main(['kernels.ts', ...options, '--outFile', 'kernels.wasm'], {
    stdout: { write: () => true },
    stderr: { write: (chunk) => complaints.push(chunk.toString()) },
    readFile: (name) => readFile(new URL(name, folder), 'utf8').catch(() => null),
    writeFile: (name, contents) => {
      if (name === 'kernels.wasm') binary = contents;
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`the kernels don't compile:\n${complaints.join('')}`, { cause: error });
  return binary;
}

/** The generated source file that carries the module. */
export function binarySource(/** @type {Uint8Array} */ binary) {
  const lines = Buffer.from(binary)
    .toString('base64')
    .match(/.{1,116}/g);
  return [
    '// Generated from assembly/*.ts by `pnpm build:wasm`. Do not edit.',
    '',
    '/** The compiled kernels in base64. */',
    'export const kernelsBase64: string = [',
    ...lines.map((line) => `  '${line}',`),
    "].join('');",
    '',
  ].join('\n');
}
