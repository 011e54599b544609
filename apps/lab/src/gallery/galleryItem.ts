import type { LabSpec } from '../state/labState.ts';

/** An experiment that opens ready to run. */
export interface GalleryItem {
  /** In links, e.g. `does-width-help`. */
  readonly id: string;
  /** A claim or a question. */
  readonly title: string;
  /** Where it belongs, e.g. `GGDLN`. */
  readonly system: string;
  /** One or two sentences under the title. */
  readonly lead: string;
  /** What runs, what to see, why: at most 60 words in all, as short paragraphs around the equation. */
  readonly before: string;
  /** The equation that runs, as MathML. */
  readonly equation: string;
  readonly after: string;
  /** Theory page and section, e.g. `ggdln/2`. */
  readonly source: string;
  readonly spec: LabSpec;
  /** Panels that stand before the others, where the picture to look at isn't the main plot. */
  readonly first?: readonly string[];
  /** What the picture promises and is checked on the page when the run ends. */
  readonly agreement: Agreement;
  /** The expected picture as a sketch: points on a 100 × 40 field, y downwards. */
  readonly sketch: {
    readonly theory: readonly (readonly [number, number])[];
    readonly simulated: readonly (readonly [number, number])[];
  };
}

/** The agreement of theory and simulation that an item ends with. */
interface Agreement {
  /** Metric that is compared. */
  readonly metric: string;
  /** Largest |simulated − theory| over |theory|, in percent, on the values of the axis from `from` on. */
  readonly percent: number;
  readonly from?: number;
}
