import type { Warning } from '@ggdln/core';
import type { PreparedGgdln } from './prepare.ts';
import { capacity } from './statistics.ts';
import type { GgdlnSetting } from './types.ts';

/** Condition number of K + TI from which means and variances lose more than a handful of digits. */
const NEAR_SINGULAR = 1e12;

/** What is known before solving: widths outside the theory, inputs without gates, too many targets. */
export function warningsBefore(prepared: PreparedGgdln, setting: GgdlnSetting): Warning[] {
  return [
    ...narrowLayers(prepared, setting),
    ...inputsWithoutGates(prepared, setting),
    ...aboveCapacity(prepared, setting),
  ];
}

function narrowLayers({ dimensions }: PreparedGgdln, { widths }: GgdlnSetting): Warning[] {
  return widths.flatMap((width, t) => {
    const size = dimensions[t];
    const layer = widths.length - t;
    if (width >= size) return [];
    return {
      code: 'width-below-gates',
      message:
        `N = ${width} is below M = ${size} in layer ${layer}: the theory takes U${layer} (${size} × ${size}) for ` +
        `invertible and leaves out corrections of order M/N = ${(size / width).toPrecision(2)}; take N well above M`,
    };
  });
}

function inputsWithoutGates({ deadInputs, examples }: PreparedGgdln, { temperature }: GgdlnSetting): Warning[] {
  if (deadInputs.length === 0) return [];
  const shown = deadInputs.slice(0, 10).join(', ') + (deadInputs.length > 10 ? ', …' : '');
  return [
    {
      code: 'inputs-without-gates',
      message:
        `${deadInputs.length} of ${examples} training inputs have all gates of a layer off (rows ${shown}): the output ` +
        `is 0 there${temperature === 0 ? ' and the kernel is singular' : ''}; an always-on gate avoids it`,
    },
  ];
}

function aboveCapacity(prepared: PreparedGgdln, { widths, temperature }: GgdlnSetting): Warning[] {
  const limit = capacity(prepared, widths);
  const targets = prepared.y.length;
  if (temperature > 0 || targets <= limit) return [];
  return [
    {
      code: 'above-capacity',
      message:
        `${targets} targets at T = 0, but the network can interpolate ${limit} (N0 = ${prepared.inputs} inputs, ` +
        `${prepared.gateRank} independent gates): the rest is fitted in the least-squares sense`,
    },
  ];
}

/** What is known of the solved kernel. */
export function warningsAfter(conditionNumber: number): Warning[] {
  if (conditionNumber < NEAR_SINGULAR) return [];
  return [
    {
      code: 'near-singular-kernel',
      message:
        `the condition number of K + TI is about ${conditionNumber.toPrecision(2)}: expect ` +
        `${Math.max(0, Math.floor(16 - Math.log10(conditionNumber)))} correct digits; raise T or remove repeated inputs`,
    },
  ];
}

/** The search ended at the noise of the arithmetic instead of at its tolerance. */
export function roundingFloorWarning(residual: number, tolerance: number, conditionNumber: number): Warning {
  return {
    code: 'rounding-floor',
    message:
      `the residual stays at ${residual.toExponential(1)}, above the tolerance ${tolerance}: that is as far as rounding ` +
      `lets it fall at a condition number of ${conditionNumber.toPrecision(2)}`,
  };
}
