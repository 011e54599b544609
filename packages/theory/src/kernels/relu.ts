import type { Activation } from './activation.ts';

/**
 * φ(h) = max(0, h), without a factor √2: the arc-cosine kernels of degree 1 and 0 (Cho and Saul 2009). Zero where one of
 * the inputs is zero. For nearly parallel inputs the angle carries an error of up to 1e-8, which cancels in the moment
 * and shows in the derivative's.
 */
export const reluActivation: Activation = {
  name: 'relu',
  homogeneous: true,
  moment(k11, k12, k22) {
    const norm = Math.sqrt(k11) * Math.sqrt(k22);
    if (norm === 0) return 0;
    const cosine = cosineOf(k11, k12, k22, norm);
    const sine = Math.sqrt((1 - cosine) * (1 + cosine));
    return (norm / (2 * Math.PI)) * (sine + (Math.PI - Math.acos(cosine)) * cosine);
  },
  derivativeMoment(k11, k12, k22) {
    const norm = Math.sqrt(k11) * Math.sqrt(k22);
    return norm === 0 ? 0 : (Math.PI - Math.acos(cosineOf(k11, k12, k22, norm))) / (2 * Math.PI);
  },
  moments(k11, k12, k22, out) {
    const norm = Math.sqrt(k11) * Math.sqrt(k22);
    if (norm === 0) {
      out[0] = 0;
      out[1] = 0;
      return;
    }
    const cosine = cosineOf(k11, k12, k22, norm);
    const sine = Math.sqrt((1 - cosine) * (1 + cosine));
    const open = Math.PI - Math.acos(cosine);
    out[0] = (norm / (2 * Math.PI)) * (sine + open * cosine);
    out[1] = open / (2 * Math.PI);
  },
  rowMoments(k11, k12, k22, roots22, count, phi, slope) {
    const root = Math.sqrt(k11);
    for (let j = 0; j < count; j++) {
      const norm = root * roots22[j];
      const k = k12[j];
      if (norm === 0) {
        phi[j] = 0;
        slope[j] = 0;
        continue;
      }
      const cosine = k === k11 && k === k22[j] ? 1 : Math.max(-1, Math.min(1, k / norm));
      const open = (Math.PI - Math.acos(cosine)) / (2 * Math.PI);
      phi[j] = norm * (Math.sqrt((1 - cosine) * (1 + cosine)) / (2 * Math.PI) + open * cosine);
      slope[j] = open;
    }
  },
};

/** Exactly 1 on the diagonal, where rounding of the quotient would open an angle of 1e-8. */
function cosineOf(k11: number, k12: number, k22: number, norm: number): number {
  if (k12 === k11 && k12 === k22) return 1;
  return Math.max(-1, Math.min(1, k12 / norm));
}
