// Compiles the kernels and writes them to src/wasm/binary.gen.ts: `pnpm build:wasm`.
import { writeFile } from 'node:fs/promises';
import { binarySource, compileKernels } from './compileKernels.mjs';

const target = new URL('../src/wasm/binary.gen.ts', import.meta.url);
const binary = await compileKernels();
await writeFile(target, binarySource(binary));
process.stdout.write(`src/wasm/binary.gen.ts: ${binary.length} bytes of WebAssembly\n`);
