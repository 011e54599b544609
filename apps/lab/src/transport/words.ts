import type { RunStatus } from '../engine/session.ts';

/** `sweep 300 of 1 500`; nothing where there are no steps. */
export function stepsWords({ step, total, unit }: Pick<RunStatus, 'step' | 'total' | 'unit'>): string {
  if (total <= 0) return '';
  return `${singular(unit)} ${grouped(step)} of ${grouped(total)}`;
}

const singular = (unit: string): string => (unit.endsWith('s') ? unit.slice(0, -1) : unit || 'step');

const grouped = (value: number): string => Math.round(value).toLocaleString('en').replaceAll(',', '\u2009');
