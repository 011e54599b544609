import { createTable, inputError, type Table } from '@ggdln/core';
import { axesOf, type ExperimentSpec, planFigures, resolveSpec } from '@ggdln/experiments';
import { metricFrame, renderFigure, type SweepFigureOptions, sweepFigure } from '@ggdln/plot';
import { baseName, type ExportedFile, type ExportedRun, specOf } from './exportedRun.ts';

/** More figures than this are for the table to tell, as in `ggdln run`. */
const MOST_FIGURES = 12;

/**
 * The figures of a run as SVG files, the same that `ggdln run` writes for its experiment file: one, or one for each
 * setting of the other axes.
 * @throws GGDLN_INPUT when nothing can be drawn yet.
 */
export function figuresOf(run: ExportedRun, document: Document): ExportedFile[] {
  const drawn = run.view.study === undefined ? experimentFigures(run) : [studyFigure(run)];
  return drawn.slice(0, MOST_FIGURES).map(({ suffix, table, options }) => {
    const svg = renderFigure(sweepFigure(table, options), document);
    const text = new XMLSerializer().serializeToString(svg);
    return {
      name: `${baseName(run)}${suffix}.svg`,
      type: 'image/svg+xml',
      content: `<?xml version="1.0" encoding="UTF-8"?>\n${text}\n`,
    };
  });
}

interface Drawn {
  readonly suffix: string;
  readonly table: Table;
  readonly options: SweepFigureOptions;
}

function experimentFigures(run: ExportedRun): Drawn[] {
  const { view, registry, version, linalg } = run;
  const spec = resolveSpec(specOf(run) as unknown as ExperimentSpec, registry);
  const columns = [...axesOf(spec), 'source', 'role', 'metric', 'value', 'stderr'];
  const plans = planFigures({ spec, table: createTable(view.rows, columns) }, { registry, version, linalg });
  return plans.map((plan) => ({
    suffix: plan.suffix,
    table: plan.table,
    options: { ...plan, frames: plan.metrics.map(metricFrame) },
  }));
}

function studyFigure(run: ExportedRun): Drawn {
  const { version, linalg } = run;
  const { axis, metrics, groupBy, roleNames, rows, title } = run.view;
  const spec = specOf(run);
  if (!axis) throw inputError('figure', 'this run has no axis to draw against', 'Export its table or arrays instead');
  const { name, seed } = spec;
  return {
    suffix: '',
    table: createTable(rows),
    options: {
      title,
      x: axis,
      frames: metrics,
      ...(groupBy ? { groupBy } : {}),
      ...(roleNames ? { names: roleNames } : {}),
      footer: `${String(name ?? title)} · seed ${String(seed ?? 1)} · ggdln ${version} · ${linalg}`,
      width: metrics.length > 1 ? 1040 : 700,
      spec,
    },
  };
}
