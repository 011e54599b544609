export { createDln } from './dln.ts';
export { createGgdln, type GatedNetwork } from './ggdln.ts';
export type { GgdlnOptions } from './layers.ts';
export { compositeGates } from './network.ts';
export { architecturesPlugin } from './plugin.ts';
export { drawPrior } from './prior.ts';
