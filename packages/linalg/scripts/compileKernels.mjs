import { readFile } from 'node:fs/promises';
import { main } from 'assemblyscript/asc';

const folder = new URL('../assembly/', import.meta.url);

const options = [
  ...['-O3', '--noAssert', '--runtime', 'stub', '--uncheckedBehavior', 'always', '--use', 'abort='],
  ...['--enable', 'simd'],
];

/** The modules by the generated file that carries them. */
export const MODULES = {
  'binary.gen.ts': { source: 'kernels.ts', constant: 'kernelsBase64', options },
  'singleBinary.gen.ts': {
    source: 'single.ts',
    constant: 'singleBase64',
    options: [...options, '--importMemory', '--initialMemory', '0'],
  },
  'loopsBinary.gen.ts': {
    source: 'loops.ts',
    constant: 'loopsBase64',
    options: [...options, '--importMemory', '--initialMemory', '0'],
  },
};

/** Compiles one of the modules in memory. Returns its bytes. */
export async function compileKernels(/** @type {keyof typeof MODULES} */ file) {
  const { source, options } = MODULES[file];
  let binary;
  const complaints = [];
  const { error } = await main([source, ...options, '--outFile', 'kernels.wasm'], {
    stdout: { write: () => true },
    stderr: { write: (chunk) => complaints.push(chunk.toString()) },
    readFile: (name) => readFile(new URL(name, folder), 'utf8').catch(() => null),
    writeFile: (name, contents) => {
      if (name === 'kernels.wasm') binary = contents;
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`${source} doesn't compile:\n${complaints.join('')}`, { cause: error });
  return binary;
}

/** The generated source file that carries the module. */
export function binarySource(/** @type {keyof typeof MODULES} */ file, /** @type {Uint8Array} */ binary) {
  const lines = Buffer.from(binary)
    .toString('base64')
    .match(/.{1,116}/g);
  return [
    '// Generated from assembly/*.ts by `pnpm build:wasm`. Do not edit.',
    '',
    '/** The compiled kernels in base64. */',
    `export const ${MODULES[file].constant}: string = [`,
    ...lines.map((line) => `  '${line}',`),
    "].join('');",
    '',
  ].join('\n');
}
