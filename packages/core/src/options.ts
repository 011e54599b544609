import { inputError } from './errors.ts';
import type { Json, JsonObject } from './json.ts';
import { unknownNameError } from './names.ts';

/** What every option says of itself; forms, `--help` and the docs are made from it. */
interface OptionInfo {
  /** Name for people, e.g. `Prior deviation`. */
  readonly title: string;
  /** Symbol of the theory pages, e.g. `σ`. */
  readonly symbol?: string;
  /** Unit; leave out for dimensionless numbers and counts. */
  readonly unit?: string;
  /** One line, at most 90 characters. */
  readonly help: string;
  /** Page and section of the equation it enters, e.g. `ggdln/2`. */
  readonly equation?: string;
  /** A change takes effect in a running computation. */
  readonly live?: boolean;
}

interface NumericRange {
  readonly min?: number;
  /** Without one, numbers up to 10¹⁸ in size are taken: squares of larger ones overflow in float32. */
  readonly max?: number;
  /** `min` itself is not allowed. */
  readonly exclusiveMin?: boolean;
  /** How a slider should move. Default linear. */
  readonly scale?: 'linear' | 'log';
}

export interface IntegerOption extends OptionInfo, NumericRange {
  readonly type: 'integer';
  readonly default: number;
}
export interface NumberOption extends OptionInfo, NumericRange {
  readonly type: 'number';
  readonly default: number;
}
export interface BooleanOption extends OptionInfo {
  readonly type: 'boolean';
  readonly default: boolean;
}
export interface ChoiceOption<Value extends string = string> extends OptionInfo {
  readonly type: 'choice';
  readonly values: readonly Value[];
  readonly default: Value;
}
export interface TextOption extends OptionInfo {
  readonly type: 'text';
  readonly default: string;
}
/** A list of numbers, each within the range. */
export interface NumbersOption extends OptionInfo, NumericRange {
  readonly type: 'numbers';
  readonly integer?: boolean;
  readonly default: readonly number[];
}

export type Option = IntegerOption | NumberOption | BooleanOption | ChoiceOption | TextOption | NumbersOption;
/** The options of a plugin entry, by name (camelCase). Plain data. */
export type OptionsSchema = { readonly [name: string]: Option };

type ValueOf<O extends Option> =
  O extends ChoiceOption<infer Value>
    ? Value
    : O extends IntegerOption | NumberOption
      ? number
      : O extends BooleanOption
        ? boolean
        : O extends TextOption
          ? string
          : readonly number[];

/** The values that a schema describes: `{ gates: number, centre: boolean, … }`. */
export type OptionValues<Schema extends OptionsSchema> = { readonly [Name in keyof Schema]: ValueOf<Schema[Name]> };

type Declared<O extends Option> = Omit<O, 'type'>;

/** Declares a whole number, e.g. `gates: integer({ title: 'Gates', symbol: 'M', min: 1, default: 6, help: '…' })`. */
export function integer(info: Declared<IntegerOption>): IntegerOption {
  return { type: 'integer', ...info };
}
/** Declares a real number. */
export function number(info: Declared<NumberOption>): NumberOption {
  return { type: 'number', ...info };
}
/** Declares a switch. */
export function boolean(info: Declared<BooleanOption>): BooleanOption {
  return { type: 'boolean', ...info };
}
/** Declares one of a few words. */
export function choice<const Value extends string>(info: Declared<ChoiceOption<Value>>): ChoiceOption<Value> {
  return { type: 'choice', ...info };
}
/** Declares free text (a file name, a column). */
export function text(info: Declared<TextOption>): TextOption {
  return { type: 'text', ...info };
}
/** Declares a list of numbers. */
export function numbers(info: Declared<NumbersOption>): NumbersOption {
  return { type: 'numbers', ...info };
}

/**
 * Checks raw values (from a file, flags or a form) against a schema and fills in defaults.
 * Text is accepted for every type and converted (`"3"`, `"true"`, `"1,2,3"`), as flags and forms only have text.
 * @param owner Whose options these are, for messages, e.g. `gating half-spaces`.
 * @throws GGDLN_UNKNOWN_NAME for a name that is not in the schema (with the nearest), GGDLN_INPUT for a bad value.
 */
export function resolveOptions<Schema extends OptionsSchema>(
  schema: Schema,
  raw: JsonObject,
  owner: string,
): OptionValues<Schema> {
  const known = Object.keys(schema);
  for (const name of Object.keys(raw)) {
    if (!Object.hasOwn(schema, name)) throw unknownNameError(owner, `option of ${owner}`, name, known);
  }
  const values: Record<string, Json> = {};
  for (const name of known) {
    const given = Object.hasOwn(raw, name) ? raw[name] : undefined;
    values[name] = given === undefined ? schema[name].default : readOption(schema[name], given, `${owner}.${name}`);
  }
  return values as OptionValues<Schema>;
}

/** Of numbers whose option declares no bound on that side. */
const LARGEST = 1e18;

/** Reads one value against its option; `where` names the option in messages. */
export function readOption(option: Option, raw: Json, where: string): Json {
  switch (option.type) {
    case 'integer':
    case 'number':
      return readNumber(raw, option, option.type === 'integer', where);
    case 'boolean':
      return readBoolean(raw, where);
    case 'choice':
      return readChoice(raw, option, where);
    case 'text':
      if (typeof raw !== 'string') throw inputError(where, `${show(raw)} is not text`, 'Give text');
      return raw;
    case 'numbers':
      return readNumbers(raw, option, where);
    default:
      return option satisfies never;
  }
}

/** The range of a numeric option in words, e.g. `a whole number ≥ 1`. */
export function describeRange(option: NumericRange, whole: boolean): string {
  const bounds: string[] = [];
  if (option.min !== undefined) bounds.push(`${option.exclusiveMin ? '>' : '≥'} ${option.min}`);
  if (option.max !== undefined) bounds.push(`≤ ${option.max}`);
  return `${whole ? 'a whole number' : 'a finite number'}${bounds.length > 0 ? ` ${bounds.join(' and ')}` : ''}`;
}

/** JSON Schema (2020-12) of a set of options, for editors that check spec files. */
export function optionsJsonSchema(schema: OptionsSchema): JsonObject {
  const properties = Object.fromEntries(
    Object.entries(schema).map(([name, option]) => [name, optionJsonSchema(option)]),
  );
  return { type: 'object', additionalProperties: false, properties };
}

function optionJsonSchema(option: Option): JsonObject {
  const common = { title: option.title, description: option.help, default: option.default };
  switch (option.type) {
    case 'integer':
    case 'number':
      return { ...common, type: option.type, ...rangeJsonSchema(option) };
    case 'boolean':
      return { ...common, type: 'boolean' };
    case 'choice':
      return { ...common, enum: option.values };
    case 'text':
      return { ...common, type: 'string' };
    case 'numbers':
      return {
        ...common,
        type: 'array',
        items: { type: option.integer ? 'integer' : 'number', ...rangeJsonSchema(option) },
      };
    default:
      return option satisfies never;
  }
}

function rangeJsonSchema(option: NumericRange): JsonObject {
  return {
    ...(option.min === undefined
      ? {}
      : option.exclusiveMin
        ? { exclusiveMinimum: option.min }
        : { minimum: option.min }),
    ...(option.max === undefined ? {} : { maximum: option.max }),
  };
}

function readNumber(raw: Json, range: NumericRange, whole: boolean, where: string): number {
  const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw;
  const ok =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (!whole || Number.isSafeInteger(value)) &&
    (range.min === undefined || (range.exclusiveMin ? value > range.min : value >= range.min)) &&
    (range.max === undefined || value <= range.max);
  if (!ok) throw inputError(where, `${show(raw)} is not allowed`, `Give ${describeRange(range, whole)}`);
  const tooLarge = value > (range.max ?? LARGEST) || value < (range.min ?? -LARGEST);
  if (tooLarge) throw inputError(where, `${show(raw)} is too large`, 'Give a size up to 10¹⁸');
  return value;
}

function readBoolean(raw: Json, where: string): boolean {
  if (raw === true || raw === 'true') return true;
  if (raw === false || raw === 'false') return false;
  throw inputError(where, `${show(raw)} is not a switch`, 'Give true or false');
}

function readChoice(raw: Json, option: ChoiceOption, where: string): string {
  if (typeof raw === 'string' && option.values.includes(raw)) return raw;
  throw unknownNameError(where, 'value', String(raw), option.values);
}

function readNumbers(raw: Json, option: NumbersOption, where: string): number[] {
  const list =
    typeof raw === 'string' ? raw.split(/[\s,]+/).filter((part) => part !== '') : Array.isArray(raw) ? raw : [raw];
  return list.map((item, index) => readNumber(item as Json, option, option.integer ?? false, `${where}[${index}]`));
}

function show(raw: Json): string {
  if (typeof raw === 'number') return String(raw); // JSON would show NaN and infinities as null
  return typeof raw === 'string' ? `"${raw}"` : JSON.stringify(raw);
}
