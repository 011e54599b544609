import { GgdlnError, type Matrix } from '@ggdln/core';
import { add, matrix } from '@ggdln/linalg';
import type { PreparedBpkr } from './prepare.ts';
import { layerEigenvalues } from './solve.ts';
import { rotateSpectrum, scaleSpectrum } from './spectrum.ts';
import type { BpkrSetting, BpkrSolution } from './types.ts';

const where = '@ggdln/theory layerGrams';

/** Of which inputs Gram matrices are computed. */
export interface LayerGramOptions {
  /** Append the test inputs' rows and columns to those of the training inputs. Default false. */
  readonly withTest?: boolean;
}

/**
 * E[F G_l⁻¹ Fᵀ] of one layer, before it is spread over inputs: means·meansᵀ + scale·K_0 − K_0V diag(explained) (K_0V)ᵀ.
 */
export interface LayerMoments {
  /** Coefficients of mean outputs in the eigenbasis, each divided by √G_l: p × any number. */
  readonly coefficients: Matrix;
  readonly scale: number;
  readonly explained: Float64Array;
}

/**
 * Layer Gram matrices Φ_L, …, Φ_1 (top first), Φ_l = E[X^l X^lᵀ]/N_l on the training inputs, at the saddle point (section
 * 4, equation 7): the back-propagated directions of a layer carry the targets, all others stay at the prior.
 * @param solution Of the same prepared data and setting.
 * @throws GGDLN_INCOMPATIBLE for the ReLU heuristic; GGDLN_NUMERICAL where a direction of the outputs has collapsed.
 */
export function layerGrams(
  prepared: PreparedBpkr,
  setting: BpkrSetting,
  solution: BpkrSolution,
  options: LayerGramOptions = {},
): Matrix[] {
  const [saddle] = solution.saddles;
  if (saddle.logG.includes(Number.NEGATIVE_INFINITY)) {
    throw new GgdlnError({
      code: 'GGDLN_NUMERICAL',
      where,
      problem: 'a direction of the outputs has collapsed to 0, where F G⁻¹ Fᵀ is 0/0',
      remedy: 'Take T > 0, wider layers, or leave out linearly dependent outputs',
    });
  }
  const spectrum = rotateSpectrum(scaleSpectrum(prepared.spectrum, setting.sigma ** 2), saddle.basis, prepared.linalg);
  const { eigenvalues, c } = spectrum;
  const moments = layerEigenvalues(saddle, setting).map((layer): LayerMoments => {
    const coefficients = matrix(c.rows, c.cols);
    const explained = new Float64Array(c.rows);
    let scale = 0;
    for (let a = 0; a < c.cols; a++) {
      const s = Math.exp(saddle.logG[a]);
      scale += s / layer[a];
      for (let i = 0; i < c.rows; i++) {
        const gain = 1 / (eigenvalues[i] + setting.temperature / s);
        coefficients.data[i * c.cols + a] = (gain * c.data[i * c.cols + a]) / Math.sqrt(layer[a]);
        explained[i] += (gain * s) / layer[a];
      }
    }
    return { coefficients, scale, explained };
  });
  return gramsOf(prepared, setting, moments, options);
}

/** Equation (7) from the input layer upwards. @param moments Top first. */
export function gramsOf(
  prepared: PreparedBpkr,
  { widths, sigma }: BpkrSetting,
  moments: readonly LayerMoments[],
  { withTest = false }: LayerGramOptions,
): Matrix[] {
  const { linalg } = prepared;
  requireLinear(prepared);
  const inputs = linalg.syrk(withTest ? stack(prepared.data.X, prepared.data.test?.X) : prepared.data.X, {
    alpha: 1 / prepared.data.X.cols,
  });
  const kV = kernelTimesEigenvectors(prepared, sigma, withTest);
  const outputs = prepared.spectrum.c.cols;
  const grams: Matrix[] = [];
  let below = inputs;
  for (let t = widths.length - 1; t >= 0; t--) {
    const { coefficients, scale, explained } = moments[t];
    const means = linalg.syrk(linalg.gemm(kV, coefficients));
    const reduction = linalg.syrk(scaleColumns(kV, explained.map(Math.sqrt)));
    const spread = add(inputs, reduction, scale * sigma ** 2, -1);
    const directions = add(means, spread);
    below = add(below, directions, sigma ** 2 * (1 - outputs / widths[t]), 1 / widths[t]);
    grams.unshift(below);
  }
  return grams;
}

/** K_0V, rows of training inputs first. */
function kernelTimesEigenvectors({ V, spectrum, test }: PreparedBpkr, sigma: number, withTest: boolean): Matrix {
  const train = scaleColumns(V, spectrum.eigenvalues);
  const kV = withTest ? stack(train, test.kV) : train;
  return matrix(
    kV.rows,
    kV.cols,
    kV.data.map((value) => sigma ** 2 * value),
  );
}

function scaleColumns(a: Matrix, factors: Float64Array): Matrix {
  return matrix(
    a.rows,
    a.cols,
    a.data.map((value, at) => value * factors[at % a.cols]),
  );
}

function stack(a: Matrix, b: Matrix | undefined): Matrix {
  if (!b) return a;
  const out = matrix(a.rows + b.rows, a.cols);
  out.data.set(a.data);
  out.data.set(b.data, a.data.length);
  return out;
}

/** @throws GGDLN_INCOMPATIBLE for data prepared for the ReLU heuristic. */
function requireLinear({ kernelDepth }: PreparedBpkr): void {
  if (kernelDepth === 0) return;
  throw new GgdlnError({
    code: 'GGDLN_INCOMPATIBLE',
    where,
    problem: 'the heuristic for ReLU networks says nothing of single layers and has no exact law',
    remedy: 'Prepare the data with prepareBpkr, for a deep linear network',
  });
}
