import { boolean, choice, integer, numbers } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { schemaFlags, schemaValues } from '../src/entryFlags.ts';
import { describeFlags, type Flag, flagValue, isOn, parseArguments } from '../src/flags.ts';

const known: Flag[] = [
  { name: 'out', value: 'DIR', help: 'Where results go' },
  { name: 'set', value: 'KEY=VALUE', repeatable: true, help: 'Override' },
  { name: 'centre', help: 'Centre' },
];
const parse = (...argv: string[]) => parseArguments(argv, known, 'ggdln run');

describe('command-line flags', () => {
  it('reads values, inline values, switches, negated switches and positionals', () => {
    const args = parse('file.yaml', '--out', 'dir', '--set=a.b=1', '--set', 'c=2', '--no-centre', '--', '--odd');
    expect(args.positionals).toEqual(['file.yaml', '--odd']);
    expect(flagValue(args, 'out')).toBe('dir');
    expect(args.flags.get('set')).toEqual(['a.b=1', 'c=2']);
    expect(isOn(args, 'centre')).toBe(false);
    expect(isOn(parse('--centre'), 'centre')).toBe(true);
    expect(isOn(parse('--centre=false'), 'centre')).toBe(false);
  });

  it('takes negative numbers and lists of them as values', () => {
    expect(flagValue(parse('--out', '-0.5'), 'out')).toBe('-0.5');
    expect(flagValue(parse('--out', '-1,2'), 'out')).toBe('-1,2');
  });

  it('names the nearest flag, a missing value and a repeated flag', () => {
    expect(() => parse('--uot', 'x')).toThrow(/unknown flag "--uot"\. Did you mean --out/);
    expect(() => parse('--out')).toThrow(/--out has no value\. Give --out DIR/);
    expect(() => parse('--out', '--set', 'a=1')).toThrow(/--out has no value/);
    expect(() => parse('--out', 'a', '--out', 'b')).toThrow(/--out is given twice/);
    expect(() => parse('-x')).toThrow(/unknown flag "-x"\. ggdln run --help lists all flags\.$/);
  });

  it('names at most five of many flags, and where to see them all', () => {
    const many = ['gating', 'dataset', 'learners.a', 'learners.b', 'theories.a', 'theories.b', 'architecture']
      .map((part): Flag => ({ name: `${part}.gates`, value: 'N', help: '' }))
      .concat(Array.from({ length: 40 }, (_, i) => ({ name: `other${i}`, help: '' })));
    const message = (token: string) => {
      try {
        parseArguments([token], many, 'ggdln run');
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    };
    expect(message('--gating.gats')).toMatch(/Did you mean --gating\.gates or /);
    expect(message('--gates').match(/--[a-z.]+\.gates/g)).toHaveLength(5);
    expect(message('--gates')).toMatch(/\? ggdln run --help lists all flags\.$/);
    expect(message('--nothing-like-it')).toMatch(/unknown flag "--nothing-like-it"\. ggdln run --help lists all flags/);
  });
});

describe('flags from an option schema', () => {
  const schema = {
    gates: integer({ title: 'Gates', symbol: 'M', min: 1, default: 6, help: 'How many.' }),
    centre: boolean({ title: 'Centre', default: true, help: 'Subtract the mean.' }),
    kind: choice({ title: 'Kind', values: ['a', 'b'], default: 'a', help: 'Which.' }),
    widths: numbers({ title: 'Widths', default: [], help: 'Each.' }),
  };

  it('shows names, symbols, ranges and defaults in help', () => {
    const help = describeFlags(schemaFlags(schema, 'gating'));
    expect(help).toContain('--gating.gates N');
    expect(help).toContain('--[no-]gating.centre');
    expect(help).toContain('Gates M: How many. (a whole number ≥ 1) [6]');
    expect(help).toContain('--gating.kind a|b');
    expect(help).toContain('[none]');
  });

  it('takes true and false after a switch, and no other word', () => {
    const read = (...argv: string[]) => parseArguments(argv, schemaFlags(schema, 'gating'), 'ggdln run');
    expect(schemaValues(schema, read('--gating.centre', 'false'), 'gating')).toEqual({ centre: false });
    expect(read('--gating.centre', 'true').positionals).toEqual([]);
    const file = read('--gating.centre', 'experiment.yaml');
    expect(file.positionals).toEqual(['experiment.yaml']);
    expect(schemaValues(schema, file, 'gating')).toEqual({ centre: true });
  });

  it('reads only the values that were given', () => {
    const args = parseArguments(
      ['--gating.gates', '8', '--no-gating.centre'],
      schemaFlags(schema, 'gating'),
      'ggdln run',
    );
    expect(schemaValues(schema, args, 'gating')).toEqual({ gates: 8, centre: false });
  });
});
