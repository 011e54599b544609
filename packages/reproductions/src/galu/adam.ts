/** Moments of Adam (β 0.9 and 0.999, ε 10⁻⁸) with a step size that the caller chooses anew at each step. */
export function createAdam(size: number): (theta: Float64Array, gradient: Float64Array, rate: number) => void {
  const [first, second] = [new Float64Array(size), new Float64Array(size)];
  let steps = 0;
  return (theta, gradient, rate) => {
    steps += 1;
    const scale = rate / (1 - 0.9 ** steps);
    const bias = 1 - 0.999 ** steps;
    for (let i = 0; i < size; i++) {
      first[i] = 0.9 * first[i] + 0.1 * gradient[i];
      second[i] = 0.999 * second[i] + 0.001 * gradient[i] * gradient[i];
      theta[i] -= (scale * first[i]) / (Math.sqrt(second[i] / bias) + 1e-8);
    }
  };
}
