import type { RandomStream } from '@ggdln/core';

/** −log P of the head in the eigenbasis of GᵀG. */
export interface HeadDensity {
  readonly width: number;
  readonly P: number;
  readonly sigma2: number;
  /** λ̂. */
  readonly precision: number;
  /** λ̃. */
  readonly kept: number;
  readonly spectrum: Float64Array;
  /** Gᵀỹ. */
  readonly along: Float64Array;
  /** |ỹ|². */
  readonly targets: number;
}

/** Energy at b; its gradient over `into`. */
function energyAt(density: HeadDensity, b: Float64Array, into: Float64Array): number {
  const { width, P, sigma2, precision, kept, spectrum, along, targets } = density;
  const u = squared(b) / width;
  let residual = targets;
  for (let i = 0; i < width; i++) {
    into[i] = kept * (kept * spectrum[i] * b[i] - along[i]);
    residual += b[i] * (into[i] - kept * along[i]);
  }
  const scale = precision / u;
  const radial = 1 / sigma2 + (P - scale * residual) / (u * width);
  for (let i = 0; i < width; i++) into[i] = scale * into[i] + radial * b[i];
  return (width * u) / (2 * sigma2) + (P / 2) * Math.log(u) + (scale / 2) * residual;
}

interface HeadChain {
  readonly b: Float64Array;
  /** One trajectory; returns its probability of acceptance. */
  move(settled: boolean): number;
}

/** Hamiltonian Monte Carlo of a head b: a chain whose masses follow u until it has settled. */
export function createHeadChain(density: HeadDensity, rng: RandomStream): HeadChain {
  const { width, spectrum, precision, kept, sigma2, along } = density;
  let b = rng.fillGaussian(new Float64Array(width), Math.sqrt(sigma2));
  // Towards the targets from the start, so that no side of the origin has to be found.
  for (let i = 0; i < width; i++) b[i] += along[i] / (spectrum[i] + 0.1 * sigma2);
  let step = 0.1;
  let mass = new Float64Array(width);
  const [p, slope] = [new Float64Array(width), new Float64Array(width)];
  const reweigh = () => {
    const u = squared(b) / width;
    mass = spectrum.map((mu) => (precision * kept * kept * mu) / u + 1 / sigma2 + 0.3 / u);
  };
  reweigh();
  return {
    get b() {
      return b;
    },
    move(settled) {
      for (let i = 0; i < width; i++) p[i] = Math.sqrt(mass[i]) * rng.gaussian();
      const end = b.slice();
      const before = energyAt(density, end, slope) + kinetic(p, mass);
      const length = step * (0.8 + 0.4 * rng.uniform());
      for (let k = 0; k < 15; k++) {
        for (let i = 0; i < width; i++) {
          p[i] -= (length / 2) * slope[i];
          end[i] += (length * p[i]) / mass[i];
        }
        energyAt(density, end, slope);
        for (let i = 0; i < width; i++) p[i] -= (length / 2) * slope[i];
      }
      const after = energyAt(density, end, slope) + kinetic(p, mass);
      const acceptance = Number.isFinite(after) ? Math.min(1, Math.exp(before - after)) : 0;
      if (rng.uniform() < acceptance) b = end;
      if (!settled) {
        step = Math.min(0.5, Math.max(1e-4, step * Math.exp(0.1 * (acceptance - 0.8))));
        reweigh();
      }
      return acceptance;
    },
  };
}

/** |v|². */
export function squared(values: Float64Array): number {
  return dot(values, values);
}

/** Σ a_i b_i. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function kinetic(p: Float64Array, mass: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += (p[i] * p[i]) / mass[i];
  return sum / 2;
}
