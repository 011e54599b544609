import type { ComponentType } from 'preact';
import type { Lab } from './lab.ts';

/** The parts of the page that have folders of their own; `main.tsx` puts them in. */
export interface Views {
  /** The five stages, the seed and the estimate. */
  readonly Compose: ComponentType<{ readonly lab: Lab }>;
  /** Every panel that applies. */
  readonly Panels: ComponentType<{ readonly lab: Lab }>;
  /** The drawer over Compose that takes files in. */
  readonly OwnData: ComponentType<{ readonly lab: Lab; readonly onClose: () => void }>;
  /** The drawer over Compose that takes plugins in. */
  readonly OwnPlugin: ComponentType<{ readonly lab: Lab; readonly onClose: () => void }>;
}
