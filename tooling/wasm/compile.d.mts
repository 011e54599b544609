/** The modules by the generated file that carries them. */
export const MODULES: {
  readonly [File in
    | 'packages/core/src/wasm/gaussiansBinary.gen.ts'
    | 'packages/linalg/src/wasm/binary.gen.ts'
    | 'packages/linalg/src/wasm/singleBinary.gen.ts'
    | 'packages/linalg/src/wasm/loopsBinary.gen.ts']: {
    readonly source: string;
    readonly constant: string;
  };
};
/** Compiles one of the modules in memory. Returns its bytes. */
export function compileModule(file: keyof typeof MODULES): Promise<Uint8Array>;
/** The generated source file that carries the module. */
export function binarySource(file: keyof typeof MODULES, binary: Uint8Array): string;
