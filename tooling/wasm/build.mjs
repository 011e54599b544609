// Compiles assembly/*.ts of the packages and writes what carries it, src/wasm/*.gen.ts: `pnpm wasm`.
import { writeFile } from 'node:fs/promises';
import { binarySource, compileModule, MODULES } from './compile.mjs';

for (const file of Object.keys(MODULES)) {
  const binary = await compileModule(file);
  await writeFile(new URL(`../../${file}`, import.meta.url), binarySource(file, binary));
  process.stdout.write(`${file}: ${binary.length} bytes of WebAssembly\n`);
}
