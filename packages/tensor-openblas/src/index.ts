export type { OpenblasOptions } from '@ggdln/linalg-openblas';
export { registerOpenblasTensors, selectOpenblasTensors } from './registerOpenblasTensors.ts';
export { tensorOpenblasPlugin } from './tensorOpenblasPlugin.ts';
