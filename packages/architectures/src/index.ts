export { createDln } from './dln.ts';
export { createGalu, type GaluNetwork, type GaluOptions } from './galu/galu.ts';
export { createTrainedGalu, type TrainedGalu, type TrainedGaluOptions } from './galu/trained.ts';
export { createGgdln, type GatedNetwork } from './ggdln.ts';
export { sigmoid } from './gln/arithmetic.ts';
export {
  type BernoulliGln,
  type BernoulliGlnOptions,
  type BernoulliInput,
  type BernoulliPass,
  createBernoulliGln,
} from './gln/bernoulli.ts';
export { collapseBernoulliGln } from './gln/collapse.ts';
export { glnContextEntropy } from './gln/contexts.ts';
export {
  createGaussianGln,
  type GaussianGln,
  type GaussianGlnOptions,
  type GaussianInput,
  type GaussianPass,
} from './gln/gaussian.ts';
export { createGln, type Gln, type GlnOptions, isGln } from './gln/gln.ts';
export { drawGlnHalfSpaces, type GlnHalfSpaces, type GlnHalfSpacesOptions } from './gln/halfSpaces.ts';
export { withKnownContexts } from './gln/knownContexts.ts';
export type { GgdlnOptions } from './layers.ts';
export { ACTIVATIONS, type ActivationName, type UnitActivation, unitActivations } from './mlp/activations.ts';
export { createMlp, type Mlp, type MlpOptions } from './mlp/mlp.ts';
export { compositeGates } from './network.ts';
export { architecturesPlugin } from './plugin.ts';
export { drawPrior } from './prior.ts';
