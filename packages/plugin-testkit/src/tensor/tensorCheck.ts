import type { Check } from '../check.ts';
import type { Tensors } from './reference.ts';

/** Makes a check that is given TensorFlow.js, with the backend under test active in it, and the allowed distance. */
export type TensorCheck = (name: string, run: (tf: Tensors, tolerance: number) => void | Promise<void>) => Check;
