import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { binarySource, compileModule, MODULES } from '../compile.mjs';

const files = Object.keys(MODULES) as (keyof typeof MODULES)[];
/** The one that has a memory of its own. */
const KERNELS = 'packages/linalg/src/wasm/binary.gen.ts';

describe.each(files)('the committed WebAssembly in %s', (file) => {
  it('is what the source compiles to, imports nothing but a memory and stays small', async () => {
    const binary = await compileModule(file);
    const committed = await readFile(new URL(`../../../${file}`, import.meta.url), 'utf8');
    expect(binarySource(file, binary)).toBe(committed);
    const imports = WebAssembly.Module.imports(await WebAssembly.compile(new Uint8Array(binary)));
    expect(imports.map(({ kind }) => kind)).toEqual(file === KERNELS ? [] : ['memory']);
    expect(binary.length).toBeLessThan(16_384);
  });
});
