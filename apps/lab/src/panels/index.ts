import type { PanelEntry } from '@ggdln/core';
import { agreementPanel } from './agreementPanel.ts';
import { curves } from './curves.ts';
import { orderPanel } from './orderPanel.ts';

/** The panels that the lab brings, in the order in which they stand. Plugins add theirs. */
export const labPanels: Readonly<Record<string, PanelEntry>> = {
  curves,
  agreement: agreementPanel,
  order: orderPanel,
};
