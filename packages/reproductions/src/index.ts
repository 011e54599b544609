export { between, type Check, type Found, falls, likeOneDraw, momentsOf, near, rises } from './checks.ts';
export { findReproduction, reproductions } from './list.ts';
export {
  defineReproduction,
  type Reproduction,
  type ReproductionContext,
  type ReproductionParts,
  type ReproductionResult,
  SCALES,
  type Scale,
} from './reproduction.ts';
export { reproductionsPlugin } from './reproductionsPlugin.ts';
