/** Compiles assembly/*.ts in memory. Returns the bytes of the WebAssembly module. */
export function compileKernels(): Promise<Uint8Array>;
/** The generated source file that carries the module. */
export function binarySource(binary: Uint8Array): string;
