import type { PanelEntry } from '@ggdln/core';
import { agreementPanel } from './agreementPanel.ts';
import { curves } from './curves.ts';
import { gatePanel } from './gatePanel.ts';
import { kernelPanel } from './kernelPanel.ts';
import { noticesPanel, warningsPanel } from './noticesPanel.ts';
import { orderPanel } from './orderPanel.ts';
import { predictionPanel } from './predictionPanel.ts';
import { runningPanel } from './runningPanel.ts';
import { solverPanel } from './solverPanel.ts';
import { studyPanels } from './studyPanels.ts';

/** The panels that the lab brings, in the order in which they stand. Plugins add theirs. */
export const labPanels: Readonly<Record<string, PanelEntry>> = {
  notices: noticesPanel,
  curves,
  agreement: agreementPanel,
  order: orderPanel,
  prediction: predictionPanel,
  running: runningPanel,
  gates: gatePanel,
  kernels: kernelPanel,
  ...studyPanels,
  solver: solverPanel,
  warnings: warningsPanel,
};
