import type { RunStatus } from '../engine/session.ts';

/** `sweep 300 of 1 500`; nothing where there are no steps. */
export function stepsWords({ step, total, unit }: Pick<RunStatus, 'step' | 'total' | 'unit'>): string {
  if (total <= 0) return '';
  return `${singular(unit)} ${grouped(step)} of ${grouped(total)}`;
}

const singular = (unit: string): string => (unit.endsWith('s') ? unit.slice(0, -1) : unit || 'step');

/** `3 062 steps/s`, `0.4 pairs/s`; nothing where nothing has moved. */
export function rateWords(rate: number | undefined, unit: string): string {
  if (rate === undefined || rate < 0.05) return '';
  return `${rate < 9.5 ? String(Number(rate.toPrecision(rate < 1 ? 1 : 2))) : grouped(rate)} ${unit}/s`;
}

const grouped = (value: number): string => Math.round(value).toLocaleString('en').replaceAll(',', '\u2009');
