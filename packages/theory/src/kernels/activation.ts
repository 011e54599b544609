/**
 * What the kernels of wide networks need of an activation φ: two Gaussian moments. With (a, b) ~ N(0, k),
 * k = [[k11, k12], [k12, k22]] (theory page bpkr, section 6). A new activation is an object of this shape.
 */
export interface Activation {
  /** For messages, e.g. `relu`. */
  readonly name: string;
  /** E[φ(a)φ(b)]. */
  moment(k11: number, k12: number, k22: number): number;
  /** E[φ′(a)φ′(b)]. */
  derivativeMoment(k11: number, k12: number, k22: number): number;
  /** Both at once, [E[φφ], E[φ′φ′]], where that is less work; the same numbers. */
  moments?(k11: number, k12: number, k22: number, out: Float64Array): void;
  /** φ(γh) = γφ(h) for γ > 0: kernels between two times are then symmetric in the inputs. Default false. */
  readonly homogeneous?: boolean;
  /**
   * `moments` of a row of entries that share k11, over `phi` and `slope`; `roots22` are the square roots of `k22`. Made for
   * loops where calls would cost more than the moments; optional.
   */
  rowMoments?(
    k11: number,
    k12: Float64Array,
    k22: Float64Array,
    roots22: Float64Array,
    count: number,
    phi: Float64Array,
    slope: Float64Array,
  ): void;
}
