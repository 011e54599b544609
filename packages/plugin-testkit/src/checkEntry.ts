import {
  type EntryOf,
  type JsonObject,
  type Option,
  optionsJsonSchema,
  type PluginKind,
  readOption,
  resolveOptions,
} from '@ggdln/core';
import { type Check, demand, demandJson } from './check.ts';

/** Help texts are one line of a terminal and a form. */
const MAX_HELP = 90;

/**
 * What every entry of every kind must say of itself: title, summary, references, and options whose defaults are valid,
 * whose texts fit, and which can be set from flags and forms.
 */
export function checkEntry(entry: EntryOf<PluginKind>): Check[] {
  return [
    { name: 'has a title and a one-line summary', run: () => demandTexts(entry) },
    {
      name: 'has options with titles, short help and camelCase names',
      run: () => eachOption(entry, demandOptionTexts),
    },
    { name: 'has ranges that make sense, and defaults within them', run: () => eachOption(entry, demandDefault) },
    { name: 'can take its defaults as text, as flags and forms give them', run: () => eachOption(entry, demandText) },
    {
      name: 'resolves to its defaults when nothing is set, and has a JSON Schema',
      run: () => {
        resolveOptions(entry.options, {}, entry.title);
        demandJson('the JSON Schema of the options', optionsJsonSchema(entry.options));
      },
    },
  ];
}

/** Raw option values as an entry's `create` takes them. */
export function resolved<Kind extends PluginKind>(
  entry: EntryOf<Kind>,
  options: JsonObject | undefined,
): Parameters<EntryOf<Kind>['create']>[0] {
  return resolveOptions(entry.options, options ?? {}, entry.title);
}

function demandTexts({ title, summary, references = [] }: EntryOf<PluginKind>): void {
  demandLine('title', title);
  demandLine('summary', summary);
  for (const reference of references) demandLine('a reference', reference);
}

function demandLine(what: string, text: unknown): void {
  demand(typeof text === 'string' && text.trim() !== '', `${what} is empty, expected one line of text`);
  demand(!text.includes('\n'), `${what} has more than one line, expected one`);
}

function eachOption(entry: EntryOf<PluginKind>, run: (name: string, option: Option) => void): void {
  for (const [name, option] of Object.entries(entry.options)) run(name, option);
}

function demandOptionTexts(name: string, option: Option): void {
  demand(/^[a-z][A-Za-z0-9]*$/.test(name), `option "${name}" is not camelCase, expected a name like trainSize`);
  demandLine(`title of option ${name}`, option.title);
  demandLine(`help of option ${name}`, option.help);
  demand(
    option.help.length <= MAX_HELP,
    `help of option ${name} has ${option.help.length} characters, expected at most ${MAX_HELP}`,
  );
}

function demandDefault(name: string, option: Option): void {
  if (option.type === 'choice') {
    demand(
      new Set(option.values).size === option.values.length,
      `option ${name} lists a value twice, expected different ones`,
    );
  }
  if (option.type === 'numbers' || option.type === 'integer' || option.type === 'number') {
    const { min, max, exclusiveMin } = option;
    demand(
      min === undefined || max === undefined || min <= max,
      `option ${name} has min ${min} > max ${max}, expected min ≤ max`,
    );
    demand(
      min !== undefined || exclusiveMin !== true,
      `option ${name} has exclusiveMin without min, expected both or neither`,
    );
  }
  readOption(option, option.default, `default of ${name}`);
}

function demandText(name: string, option: Option): void {
  const text = option.type === 'numbers' ? option.default.join(',') : String(option.default);
  const read = readOption(option, text, `default of ${name} as text`);
  demand(
    JSON.stringify(read) === JSON.stringify(option.default),
    `option ${name}: "${text}" reads as ${read}, expected its default ${option.default}`,
  );
}
