import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  boolean,
  choice,
  describeRange,
  integer,
  type Json,
  number,
  numbers,
  type Option,
  optionsJsonSchema,
  readOption,
  resolveOptions,
  text,
} from '../src/index.ts';

const info = { title: 'T', help: 'H.' };
const schema = {
  gates: integer({ ...info, min: 1, default: 6 }),
  sigma: number({ ...info, min: 0, exclusiveMin: true, max: 10, default: 1 }),
  centre: boolean({ ...info, default: true }),
  mode: choice({ ...info, values: ['fast', 'exact'], default: 'exact' }),
  file: text({ ...info, default: '' }),
  widths: numbers({ ...info, integer: true, min: 1, default: [10, 100] }),
};
const read = (option: Option, raw: Json) => readOption(option, raw, 'gating x.o');

describe('resolveOptions', () => {
  it('fills in defaults and keeps what is given, typed by the schema', () => {
    const values = resolveOptions(schema, { gates: 3, mode: 'fast' }, 'gating x');
    const mode: 'fast' | 'exact' = values.mode;
    expect(values).toEqual({ gates: 3, sigma: 1, centre: true, mode, file: '', widths: [10, 100] });
    expect(resolveOptions(schema, {}, 'gating x').gates).toBe(6);
  });

  it('leaves the schema and what is given as they are', () => {
    const raw = Object.freeze({ widths: Object.freeze(['1', '2']) });
    expect(resolveOptions(schema, raw, 'x').widths).toEqual([1, 2]);
    expect(schema.widths.default).toEqual([10, 100]);
  });

  it('names the nearest option for one that does not exist', () => {
    expect(() => resolveOptions(schema, { gate: 3 }, 'gating x')).toThrow(
      /unknown option of gating x "gate"\. Did you mean gates\? Known: centre, file, gates/,
    );
    expect(() => resolveOptions(schema, { toString: 3 }, 'gating x')).toThrow(/unknown option of gating x "toString"/);
  });

  it('names the option whose value is wrong', () => {
    expect(() => resolveOptions(schema, { gates: 0 }, 'gating x')).toThrow(
      '[gating x.gates] 0 is not allowed. Give a whole number ≥ 1.',
    );
  });

  it('does not take inherited properties for values', () => {
    const raw = Object.create({ gates: 99 }) as { gates: number };
    expect(resolveOptions(schema, raw, 'x').gates).toBe(6);
  });
});

describe('readOption', () => {
  it('reads numbers and their text alike', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e18, max: 1e18, noNaN: true }), (value) => {
        const option = number({ ...info, default: 0 });
        expect(read(option, value)).toBe(value);
        expect(read(option, String(value))).toBe(Number(String(value)));
      }),
    );
    expect(read(integer({ ...info, default: 0 }), '1e3')).toBe(1000);
  });

  it('keeps to the range: every number is accepted exactly when it is within', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.nat(), fc.boolean(), (value, min, span, exclusiveMin) => {
        const option = integer({ ...info, min, max: min + span, exclusiveMin, default: min + span });
        const within = (exclusiveMin ? value > min : value >= min) && value <= min + span;
        if (within) expect(read(option, value)).toBe(value);
        else expect(() => read(option, value)).toThrow(/is not allowed/);
      }),
    );
  });

  it('refuses numbers that overflow when they are squared, unless the option takes them', () => {
    const free = number({ ...info, default: 0 });
    expect(Number.isFinite(Math.fround(1e18 ** 2))).toBe(true);
    for (const raw of [1e99, '-1e99', 1.1e18]) {
      expect(() => read(free, raw)).toThrow(/is too large\. Give a size up to 10¹⁸/);
    }
    expect(() => read(number({ ...info, min: 0, default: 0 }), 1e99)).toThrow(/too large/);
    expect(read(number({ ...info, max: 1e100, default: 0 }), 1e99)).toBe(1e99);
    expect(read(number({ ...info, min: -1e100, default: 0 }), -1e99)).toBe(-1e99);
  });

  it.each<[Option, Json, RegExp]>([
    [schema.gates, 2.5, /2\.5 is not allowed\. Give a whole number ≥ 1/],
    [schema.gates, '', /"" is not allowed/],
    [schema.gates, ' ', /" " is not allowed/],
    [schema.gates, 'six', /"six" is not allowed/],
    [schema.gates, null, /null is not allowed/],
    [schema.gates, true, /true is not allowed/],
    [schema.gates, [3], /\[3\] is not allowed/],
    [schema.gates, 2 ** 53, /is not allowed/],
    [schema.sigma, 0, /0 is not allowed\. Give a finite number > 0 and ≤ 10/],
    [schema.sigma, Number.NaN, /NaN is not allowed/],
    [schema.sigma, Number.POSITIVE_INFINITY, /Infinity is not allowed/],
    [schema.sigma, 'NaN', /"NaN" is not allowed/],
    [schema.sigma, 'Infinity', /"Infinity" is not allowed/],
    [schema.centre, 1, /1 is not a switch\. Give true or false/],
    [schema.centre, 'yes', /"yes" is not a switch/],
    [schema.mode, 'exakt', /unknown value "exakt"\. Did you mean exact\?/],
    [schema.mode, 1, /unknown value "1"/],
    [schema.file, 1, /1 is not text\. Give text/],
    [schema.widths, '10,,x', /\[1\]\] "x" is not allowed/],
    [schema.widths, [10, 0.5], /\[1\]\] 0\.5 is not allowed\. Give a whole number ≥ 1/],
  ])('refuses %o for %o', (option, raw, message) => {
    expect(() => read(option, raw)).toThrow(message);
  });

  it('reads lists from text with commas or spaces, and a single number as a list', () => {
    expect(read(schema.widths, '1, 2 3,4')).toEqual([1, 2, 3, 4]);
    expect(read(schema.widths, 7)).toEqual([7]);
    expect(read(schema.widths, '')).toEqual([]);
  });

  it('reads switches from text', () => {
    expect([true, 'true', false, 'false'].map((raw) => read(schema.centre, raw))).toEqual([true, true, false, false]);
  });
});

describe('what is made from a schema', () => {
  it('says ranges in words', () => {
    expect(describeRange({}, false)).toBe('a finite number');
    expect(describeRange({ min: 1 }, true)).toBe('a whole number ≥ 1');
    expect(describeRange({ min: 0, exclusiveMin: true, max: 1 }, false)).toBe('a finite number > 0 and ≤ 1');
    expect(describeRange({ max: 5 }, true)).toBe('a whole number ≤ 5');
  });

  it('is a JSON Schema of the same ranges', () => {
    expect(optionsJsonSchema(schema)).toEqual({
      type: 'object',
      additionalProperties: false,
      properties: {
        gates: { title: 'T', description: 'H.', default: 6, type: 'integer', minimum: 1 },
        sigma: { title: 'T', description: 'H.', default: 1, type: 'number', exclusiveMinimum: 0, maximum: 10 },
        centre: { title: 'T', description: 'H.', default: true, type: 'boolean' },
        mode: { title: 'T', description: 'H.', default: 'exact', enum: ['fast', 'exact'] },
        file: { title: 'T', description: 'H.', default: '', type: 'string' },
        widths: {
          title: 'T',
          description: 'H.',
          default: [10, 100],
          type: 'array',
          items: { type: 'integer', minimum: 1 },
        },
      },
    });
  });
});
