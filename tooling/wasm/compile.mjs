import { readFile } from 'node:fs/promises';
import { main } from 'assemblyscript/asc';

const root = new URL('../../', import.meta.url);

const options = [
  ...['-O3', '--noAssert', '--runtime', 'stub', '--uncheckedBehavior', 'always', '--use', 'abort='],
  ...['--enable', 'simd'],
];
/** For modules that work in the memory of whoever instantiates them. */
const inOtherMemory = [...options, '--importMemory', '--initialMemory', '0'];

/** The modules by the generated file that carries them. */
export const MODULES = {
  'packages/core/src/wasm/gaussiansBinary.gen.ts': {
    source: 'packages/core/assembly/gaussians.ts',
    constant: 'gaussiansBase64',
    options: inOtherMemory,
  },
  'packages/linalg/src/wasm/binary.gen.ts': {
    source: 'packages/linalg/assembly/kernels.ts',
    constant: 'kernelsBase64',
    options,
  },
  'packages/linalg/src/wasm/singleBinary.gen.ts': {
    source: 'packages/linalg/assembly/single.ts',
    constant: 'singleBase64',
    options: inOtherMemory,
  },
  'packages/linalg/src/wasm/loopsBinary.gen.ts': {
    source: 'packages/linalg/assembly/loops.ts',
    constant: 'loopsBase64',
    options: inOtherMemory,
  },
};

/** Compiles one of the modules in memory. Returns its bytes. */
export async function compileModule(/** @type {keyof typeof MODULES} */ file) {
  const { source, options } = MODULES[file];
  const path = new URL(source, root);
  let binary;
  const complaints = [];
  const entry = source.split('/').at(-1);
  const { error } = await main([entry, ...options, '--outFile', 'module.wasm'], {
    stdout: { write: () => true },
    stderr: { write: (chunk) => complaints.push(chunk.toString()) },
    readFile: (name) => readFile(new URL(name, path), 'utf8').catch(() => null),
    writeFile: (name, contents) => {
      if (name === 'module.wasm') binary = contents;
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
    '// Generated from assembly/*.ts by `pnpm wasm`. Do not edit.',
    '',
    '/** The compiled loops in base64. */',
    `export const ${MODULES[file].constant}: string = [`,
    ...lines.map((line) => `  '${line}',`),
    "].join('');",
    '',
  ].join('\n');
}
