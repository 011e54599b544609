/** What runs the float32 tensors, and why. The tensors themselves are TensorFlow.js's, which core doesn't know. */
export interface TensorBackend {
  /** Name of the active backend, e.g. `wasm`. */
  readonly name: string;
  /** One line for people, e.g. `tfjs-wasm 4.22.0 (float32, one thread)`. */
  readonly description: string;
  /** Why it isn't the one asked for; absent when it is. */
  readonly fallback?: string;
}
