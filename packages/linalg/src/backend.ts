// What backends have in common, for authors of another: published as @ggdln/linalg/backend.
export {
  allFinite,
  explainNotFinite,
  firstRowNotFinite,
  notConverged,
  numericalError,
  type ProductSizes,
  pivotError,
  productSizes,
  requireFinite,
  requireFiniteLower,
  requireSquare,
  requireTriangular,
  squareSizes,
} from './checks.ts';
export { leastSquaresBySvd } from './factorisations.ts';
export { type StridedProduct, stridedProduct } from './flatProduct.ts';
