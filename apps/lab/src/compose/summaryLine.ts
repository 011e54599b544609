import type { Json, Option, OptionsSchema } from '@ggdln/core';
import type { LabSpec } from '../state/labState.ts';
import { grouped, shortList } from './listSyntax.ts';
import { optionValue, type PlacedPart } from './parts.ts';
import { axisValues } from './sweepAxes.ts';

const MOST = 3;

/**
 * The values of a part in one line, e.g. `M = 6 · b = 0 · always-on gate`: what has a symbol first, then what was
 * changed, three at most; nothing where there is neither.
 */
export function summaryLine(spec: LabSpec, { path, part }: PlacedPart, schema: OptionsSchema): string {
  const options = Object.entries(schema);
  const swept = (name: string) => axisValues(spec, `${path}.${name}`);
  const changed = ([name, option]: [string, Option]) =>
    JSON.stringify(optionValue(part, name, schema)) !== JSON.stringify(option.default);
  const first = options.filter(
    ([name, option]) => isSymbol(option.symbol) && (swept(name) || option.type !== 'numbers'),
  );
  const rest = options.filter((entry) => !first.includes(entry) && (swept(entry[0]) || changed(entry)));
  const chosen = [...first, ...rest].slice(0, MOST);
  return chosen
    .map(([name, option]) => worded(option, optionValue(part, name, schema), swept(name)))
    .filter((words) => words !== '')
    .join(' · ');
}

/** Formulas such as `|x|² = N0` are no names of values. */
function isSymbol(symbol: string | undefined): symbol is string {
  return symbol !== undefined && !symbol.includes('=');
}

function worded(option: Option, value: Json, swept: readonly Json[] | undefined): string {
  const unit = option.unit === '°' ? '°' : option.unit ? `\u2009${option.unit}` : '';
  const name = isSymbol(option.symbol) ? `${option.symbol}\u00a0=\u00a0` : `${option.title.toLowerCase()} `;
  if (swept) return `${name}${shortList(swept)}${unit} (sweep)`;
  switch (option.type) {
    case 'boolean':
      return value === true ? option.title.toLowerCase() : `no ${option.title.toLowerCase()}`;
    case 'choice':
    case 'text':
      return String(value);
    case 'numbers':
      return `${name}${Array.isArray(value) ? shortList(value) : String(value)}${unit}`;
    case 'integer':
    case 'number':
      return `${name}${grouped(value)}${unit}`;
    default:
      return option satisfies never;
  }
}
