/** Beyond this many standard deviations the continued fraction of the tail needs no more than TAIL_TERMS. */
const TAIL_FROM = 2.5;
const TAIL_TERMS = 60;

/** P(u < h) of a standard normal u, to rounding; in the lower tail also relative to itself. h may be infinite. */
export function normalCdf(h: number): number {
  if (h > TAIL_FROM) return 1 - tail(h);
  return h < -TAIL_FROM ? tail(-h) : 0.5 + centralPart(h);
}

/** P(u > h) for h > TAIL_FROM, by the continued fraction 1/(h + 1/(h + 2/(h + 3/(h + …)))) (Laplace). */
function tail(h: number): number {
  if (h > 40) return 0;
  let fraction = h;
  for (let n = TAIL_TERMS; n > 0; n--) fraction = h + n / fraction;
  return density(h) / fraction;
}

/** P(0 < u < h), with its sign, by the series φ(h)(h + h³/3 + h⁵/15 + …), whose terms all have the sign of h. */
function centralPart(h: number): number {
  let term = h;
  let sum = h;
  for (let n = 3; Math.abs(term) > Number.EPSILON * 0.01 * Math.abs(sum); n += 2) {
    term *= (h * h) / n;
    sum += term;
  }
  return density(h) * sum;
}

function density(h: number): number {
  return Math.exp(-0.5 * h * h) / Math.sqrt(2 * Math.PI);
}

/** Points and weights of a Gauss–Legendre rule on [0, 1]. */
export interface QuadratureRule {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

/** The rule with n points, which is exact for polynomials of degree 2n − 1; points are Newton's roots of P_n. */
export function gaussLegendre(n: number): QuadratureRule {
  const points = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    // Five steps from this start double the digits to rounding for any n of use.
    for (let step = 0; step < 5; step++) {
      const { value, derivative } = legendre(n, x);
      slope = derivative;
      x -= value / derivative;
    }
    points[i] = (1 + x) / 2;
    weights[i] = 1 / ((1 - x * x) * slope * slope);
  }
  return { points, weights };
}

/** P_n(x) and its derivative, by the three-term recurrence. */
function legendre(n: number, x: number): { value: number; derivative: number } {
  let [before, value] = [1, x];
  for (let k = 2; k <= n; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
  return { value, derivative: (n * (x * value - before)) / (x * x - 1) };
}

/**
 * Owen's function T(h, a) = (1/2π) ∫₀ᵃ exp(−h²(1 + x²)/2)/(1 + x²) dx (Owen 1956, Ann. Math. Statist. 27, 1075). It is
 * integrated for |a| ≤ 1, where the integrand is smooth whatever h is, and reflected to there otherwise.
 */
export function owenT(h: number, a: number, rule: QuadratureRule): number {
  if (a < 0) return -owenT(h, -a, rule);
  const distance = Math.abs(h);
  if (a <= 1) return (integral(distance, a, rule) * a) / (2 * Math.PI);
  const [near, far] = [normalCdf(-distance), normalCdf(-distance * a)];
  return 0.5 * (near + far) - near * far - owenT(distance * a, 1 / a, rule);
}

/** The mean of the integrand over [0, a]. */
function integral(h: number, a: number, { points, weights }: QuadratureRule): number {
  let sum = 0;
  for (let i = 0; i < points.length; i++) {
    const square = 1 + (a * points[i]) ** 2;
    sum += (weights[i] * Math.exp(-0.5 * h * h * square)) / square;
  }
  return sum;
}
