/** A section that panels and gallery items point at, e.g. `ggdln/2`. */
export interface TheorySection {
  /** As in equation ids: `2`, `5.1`. */
  readonly id: string;
  readonly title: string;
  /** What is assumed, what holds, and what to expect; a paragraph each. */
  readonly text: readonly string[];
  /** TeX that `texToMathml` reads. */
  readonly equations: readonly string[];
  /** Functions that compute it, with the package that exports them. */
  readonly computedBy: readonly { readonly name: string; readonly from: string }[];
}

/** One system and what is known about it. */
export interface TheoryPage {
  /** As in equation ids, e.g. `ggdln`. */
  readonly id: string;
  readonly short: string;
  readonly title: string;
  readonly summary: string;
  readonly source: { readonly text: string; readonly arxiv: string };
  readonly sections: readonly TheorySection[];
}
