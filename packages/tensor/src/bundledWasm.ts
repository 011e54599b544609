const FOLDER = '@tensorflow/tfjs-backend-wasm/dist/';

/**
 * Where a bundler has put the binaries of TensorFlow.js: Vite and webpack copy a file that is named in this form and
 * change its name to the copy's address. `undefined` where nobody did, as in Node, or in a page without a bundler.
 */
export function bundledWasm(): Readonly<Record<string, string>> | undefined {
  const addresses = {
    'tfjs-backend-wasm.wasm': new URL('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm', import.meta.url),
    'tfjs-backend-wasm-simd.wasm': new URL(
      '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
      import.meta.url,
    ),
    'tfjs-backend-wasm-threaded-simd.wasm': new URL(
      '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm',
      import.meta.url,
    ),
  };
  const here = import.meta.url;
  const entries = Object.entries(addresses).map(([name, { href }]): [string, string] => [name, href]);
  const moved = entries.every(([name, href]) => href !== new URL(FOLDER + name, here).href);
  return moved ? Object.fromEntries(entries) : undefined;
}
