import { createTable, isGgdlnError, type JsonObject, type Matrix, type Row, type Table } from '@ggdln/core';
import { type NamedFile, writeFiles } from '@ggdln/experiments/node';
import { encodeCsv, encodeNpz, type NpyArray } from '@ggdln/io';
import type { KPathEpoch, KPathRun } from '@ggdln/learning/k-path';
import { loadPlot } from '../loadPlot.ts';

const METRICS = [
  ['accuracy of unseen pairs', 'unselectedAccuracy'],
  ['accuracy of trained pairs', 'selectedAccuracy'],
  ['loss of unseen pairs', 'unselectedLoss'],
  ['loss of trained pairs', 'selectedLoss'],
] as const;

/** What the files say of a run beside its numbers. */
export interface KPathCaption {
  readonly spec: JsonObject;
  readonly provenance: JsonObject;
  readonly subtitle: string;
  readonly footer: string;
}

/** One row an epoch, half and metric; there is none where there is no such pair. */
export function kPathTable(scores: readonly KPathEpoch[]): Table {
  const rows = scores.flatMap(({ epoch, loss, ...halves }): Row[] => [
    ...(['train', 'test'] as const).flatMap((half) =>
      METRICS.flatMap(([metric, name]): Row[] => {
        const value = halves[half][name];
        return value === null ? [] : [row(epoch, half, metric, value)];
      }),
    ),
    ...(loss === null ? [] : [row(epoch, 'train', 'loss of steps', loss)]),
  ]);
  return createTable(rows);
}

const row = (epoch: number, half: string, metric: string, value: number): Row => ({
  epoch,
  half,
  source: 'network',
  role: 'gradient-descent',
  metric,
  value,
  stderr: null,
});

/**
 * Writes table, arrays of the last score, figure, settings and provenance. They hold no times and no host, so that a run
 * that was killed ends with the bytes of an undisturbed one.
 * @returns The full paths. @throws GGDLN_STORAGE.
 */
export async function writeKPath(out: string, { state, scores }: KPathRun, caption: KPathCaption): Promise<string[]> {
  const table = kPathTable(scores);
  const { train, test } = scores[scores.length - 1];
  const json = (value: JsonObject) => `${JSON.stringify(value, undefined, 2)}\n`;
  const files: readonly NamedFile[] = [
    ...(await drawFigure(table, caption)),
    ['table.csv', encodeCsv(table)],
    ['table.json', json({ columns: table.columns, rows: table.rows })],
    [
      'arrays.npz',
      encodeNpz({
        gate: toNpy(state.gate),
        train_loss: toNpy(train.losses),
        train_accuracy: toNpy(train.accuracies),
        test_loss: toNpy(test.losses),
        test_accuracy: toNpy(test.accuracies),
      }),
    ],
    ['spec.json', json(caption.spec)],
    ['provenance.json', json(caption.provenance)],
  ];
  return writeFiles(out, files);
}

async function drawFigure(table: Table, { spec, subtitle, footer }: KPathCaption): Promise<NamedFile[]> {
  const metrics = METRICS.filter(([metric]) => table.rows.some((each) => each.metric === metric)).slice(0, 2);
  const { sweepFigure, figureToSvg, figureToPng } = await loadPlot();
  try {
    const figure = sweepFigure(table, {
      title: 'Pairs of domains: trained and never seen',
      subtitle,
      x: { column: 'epoch', label: 'epoch', scale: 'linear' },
      frames: metrics.map(([metric]) => ({
        metric,
        title: metric.includes('unseen') ? 'Unseen pairs' : 'Trained pairs',
        label: 'accuracy',
        zero: true,
      })),
      groupBy: 'half',
      residuals: false,
      footer,
      width: metrics.length > 1 ? 1040 : 700,
      spec,
    });
    const svg = await figureToSvg(figure);
    return [
      ['figure.svg', svg],
      ['figure.png', await figureToPng(svg)],
    ];
  } catch (error) {
    if (isGgdlnError(error) && error.code !== 'GGDLN_STORAGE') return [];
    throw error;
  }
}

const toNpy = ({ rows, cols, data }: Matrix): NpyArray => ({ dtype: 'float64', shape: [rows, cols], data });
