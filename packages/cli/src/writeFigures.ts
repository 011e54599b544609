import { isGgdlnError, type JsonObject } from '@ggdln/core';
import { type ExperimentResult, type FigurePlan, planFigures } from '@ggdln/experiments';
import { writeFiles } from '@ggdln/experiments/node';
import type { Session } from './command.ts';
import { loadPlot } from './loadPlot.ts';

/** More settings than this are for the table to tell. */
const MOST_FIGURES = 12;

/** What figures need besides the result. */
interface Surroundings extends Pick<Session, 'registry' | 'version'> {
  /** Hears why there is no figure, or fewer than settings. */
  note(text: string): void;
}

/**
 * Draws a result into its folder: `figure.svg` and `figure.png`, or with several axes one figure for each setting of
 * the others, e.g. `figure-temperature=0.1.svg`. What can't be drawn is said and costs nothing else.
 * @returns The full paths.
 */
export async function writeFigures(
  out: string,
  result: ExperimentResult,
  { registry, version, note }: Surroundings,
): Promise<string[]> {
  const plans = planFigures(result, {
    registry,
    version,
    linalg: String((result.provenance.linalg as JsonObject).name),
  });
  if (plans.length > MOST_FIGURES)
    note(`Drawing ${MOST_FIGURES} of ${plans.length} figures; all numbers are in table.csv`);
  const files: string[] = [];
  for (const plan of plans.slice(0, MOST_FIGURES)) {
    try {
      files.push(...(await writeFigure(out, plan)));
    } catch (error) {
      if (!isGgdlnError(error) || error.code === 'GGDLN_STORAGE') throw error;
      note(`No figure${plan.setting === '' ? '' : ` for ${plan.setting}`}: ${error.problem}`);
    }
  }
  return files;
}

async function writeFigure(out: string, plan: FigurePlan): Promise<string[]> {
  const { metricFrame, sweepFigure, figureToSvg, figureToPng } = await loadPlot();
  const figure = sweepFigure(plan.table, { ...plan, frames: plan.metrics.map(metricFrame) });
  const svg = await figureToSvg(figure);
  const name = `figure${plan.suffix}`;
  return writeFiles(out, [
    [`${name}.svg`, svg],
    [`${name}.png`, await figureToPng(svg)],
  ]);
}
