import type { Warning } from '@ggdln/core';
import type { PreparedBpkr } from './prepare.ts';
import type { BpkrSaddle, BpkrSetting } from './types.ts';

/** What a user should know about a solution. */
export function warningsFor(
  { spectrum, kernelDepth }: PreparedBpkr,
  { widths }: BpkrSetting,
  saddles: readonly BpkrSaddle[],
): Warning[] {
  return [
    ...several(saddles),
    ...collapsed(saddles[0], spectrum.eigenvalues.length, Math.min(...widths)),
    ...heuristic(kernelDepth, spectrum.examples / Math.min(...widths)),
  ];
}

function several(saddles: readonly BpkrSaddle[]): Warning[] {
  if (saddles.length === 1) return [];
  const actions = saddles.map(({ action }) => action.toFixed(2)).join(', ');
  return [
    {
      code: 'several-saddles',
      message:
        `the equations have ${saddles.length} solutions, with actions ${actions}; the lowest is taken. Where actions ` +
        'are within a few units, a finite network has both: for one output exactBpkr averages over them',
    },
  ];
}

function collapsed({ logG }: BpkrSaddle, rank: number, narrowest: number): Warning[] {
  const count = logG.filter((value) => value === Number.NEGATIVE_INFINITY).length;
  if (count === 0) return [];
  return [
    {
      code: 'collapsed-output',
      message:
        `${count} of ${logG.length} directions of the outputs have zero targets on ${rank} independent inputs and a layer ` +
        `of ${narrowest} units: at T = 0 the network switches them off altogether`,
    },
  ];
}

function heuristic(kernelDepth: number, load: number): Warning[] {
  if (kernelDepth === 0) return [];
  return [
    {
      code: 'relu-heuristic',
      message:
        `for ReLU networks this theory is a heuristic; here P/N = ${load.toPrecision(2)}. Against sampled networks its ` +
        'variance was off by up to 10 % at P/N = 0.6 and 25 % at P/N ≥ 1',
    },
  ];
}
