import { describeRange, type Json, type JsonObject, type Option, type OptionsSchema, readOption } from '@ggdln/core';
import type { Arguments, Flag } from './flags.ts';

/**
 * The flags that an option schema gives: `--gating.gates N`, or `--gates N` without a prefix.
 * @param section Heading in help, e.g. `Gating half-spaces`.
 */
export function schemaFlags(schema: OptionsSchema, prefix = '', section?: string): Flag[] {
  return Object.entries(schema).map(([name, option]) => ({
    name: prefix ? `${prefix}.${name}` : name,
    ...(option.type === 'boolean' ? {} : { value: valueName(option) }),
    help: helpLine(option),
    default: defaultText(option.default),
    ...(section ? { section } : {}),
  }));
}

/**
 * The option values among parsed flags that belong to a schema under a prefix.
 * @throws GGDLN_INPUT, GGDLN_UNKNOWN_NAME for a value that its option doesn't allow, naming the flag.
 */
export function schemaValues(schema: OptionsSchema, args: Arguments, prefix = ''): JsonObject {
  const values: Record<string, Json> = {};
  for (const name of Object.keys(schema)) {
    const flag = prefix ? `${prefix}.${name}` : name;
    const given = args.flags.get(flag)?.at(-1);
    if (given !== undefined) values[name] = readOption(schema[name], given, `--${flag}`);
  }
  return values;
}

function valueName(option: Option): string {
  switch (option.type) {
    case 'choice':
      return option.values.join('|');
    case 'integer':
      return 'N';
    case 'numbers':
      return 'A,B,…';
    case 'text':
      return 'TEXT';
    default:
      return 'X';
  }
}

function helpLine(option: Option): string {
  const symbol = option.symbol ? ` ${option.symbol}` : '';
  const unit = option.unit ? `, in ${option.unit}` : '';
  const range =
    option.type === 'integer' || option.type === 'number'
      ? ` (${describeRange(option, option.type === 'integer')}${unit})`
      : '';
  return `${option.title}${symbol}: ${option.help}${range}`;
}

function defaultText(value: Json): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(',');
  return String(value);
}
