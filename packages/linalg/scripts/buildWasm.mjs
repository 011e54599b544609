// Compiles the kernels and writes them to src/wasm/*.gen.ts: `pnpm build:wasm`.
import { writeFile } from 'node:fs/promises';
import { binarySource, compileKernels, MODULES } from './compileKernels.mjs';

for (const file of Object.keys(MODULES)) {
  const binary = await compileKernels(file);
  await writeFile(new URL(`../src/wasm/${file}`, import.meta.url), binarySource(file, binary));
  process.stdout.write(`src/wasm/${file}: ${binary.length} bytes of WebAssembly\n`);
}
