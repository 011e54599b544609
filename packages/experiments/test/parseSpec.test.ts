import { describe, expect, it } from 'vitest';
import { overrideSpec, parseSpec, resolveSpec, specJsonSchema, toSpec } from '../src/index.ts';
import { baseSpec, failureOf, registry, resolved } from './helpers.ts';

const text = `# comment
ggdln: 1
name: width
temperature: 0.01
dataset: { use: line, trainSize: 4 }
gating:
  use: steps
  gates: 3
architecture: { use: net }
learners:
  - { use: sampler, batches: 5, at: { architecture.width: [30] } }
theories:
  - use: closed-form
sweep: { architecture.width: [10, 30] }
`;

const edited = (from: string, to: string) => text.replace(from, to);
const complaintOf = async (source: string) =>
  failureOf(() => resolveSpec(parseSpec(source, 'width.yaml'), registry)).then(({ code, message }) => {
    expect(code).toBe('GGDLN_CONFIG');
    return message;
  });

describe('parseSpec', () => {
  it('reads YAML and JSON alike', () => {
    const fromYaml = parseSpec(text, 'width.yaml').spec;
    const fromJson = parseSpec(JSON.stringify(fromYaml), 'width.json').spec;
    expect(fromJson).toEqual(fromYaml);
    expect(resolveSpec(fromYaml, registry)).toEqual(resolveSpec(parseSpec(text, 'x'), registry));
  });

  it('names line and column of text that is not YAML', async () => {
    const { code, message } = await failureOf(() => parseSpec('ggdln: 1\nname: [a\nseed: 3\n', 'broken.yaml'));
    expect(code).toBe('GGDLN_CONFIG');
    expect(message).toMatch(/^\[broken\.yaml:3:1\] this is not readable YAML or JSON: /);
  });

  it('refuses a key given twice, with its line', async () => {
    expect((await failureOf(() => parseSpec(`${text}name: other\n`, 'a.yaml'))).message).toContain('[a.yaml:15:1]');
  });

  it.each([
    ['lists', `name: ${'['.repeat(20_000)}`],
    ['mappings', Array.from({ length: 1400 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['keys', '? '.repeat(20_000)],
    ['open mappings', `{ a: { b: ${'k: 1\n'.repeat(20_000)}`],
  ])('refuses %s nested too deeply', async (_, nested) => {
    const { code, message } = await failureOf(() => parseSpec(nested, 'deep.yaml'));
    expect(code).toBe('GGDLN_CONFIG');
    expect(message).toMatch(/deep\.yaml.*this is not readable YAML or JSON: /);
    expect(message).not.toContain('call stack');
  });

  it('refuses keys given twice among very many, and texts that no experiment is as long as', async () => {
    const keys = Array.from({ length: 60_000 }, (_, i) => `k${i}: 1`).join('\n');
    expect((await failureOf(() => parseSpec(`${keys}\nk7: 2\n`, 'a.yaml'))).message).toContain(
      '[a.yaml:60001:1] the key "k7" is given twice',
    );
    expect((await failureOf(() => parseSpec('#'.repeat(2 ** 20 + 1), 'a.yaml'))).message).toContain(
      'the experiment has 1048577 characters, 1048576 are the most',
    );
  });

  it.each([
    [
      'an unknown key',
      'temperature:',
      'temperatur:',
      /^\[width\.yaml:4:1\] unknown key "temperatur".*mean temperature/,
    ],
    ['an unknown option', 'gates: 3', 'gate: 3', /^\[width\.yaml:8:3\] unknown option of gating steps "gate".*gates/],
    ['a bad option value', 'gates: 3', 'gates: -3', /^\[width\.yaml:8:3\] gating steps\.gates: -3 is not allowed.*≥ 0/],
    ['an unknown plugin', 'use: steps', 'use: step', /^\[width\.yaml:7:3\] unknown gating "step"\. Did you mean steps/],
    [
      'an option of a list item',
      'batches',
      'batch',
      /^\[width\.yaml:11:21\] unknown option of learner sampler "batch"/,
    ],
    [
      'an unknown axis',
      'sweep: { architecture.width',
      'sweep: { width',
      /^\[width\.yaml:14:10\] unknown axis of the sweep/,
    ],
    [
      'an unknown axis in at',
      'at: { architecture.width',
      'at: { architecture.with',
      /^\[width\.yaml:11:39\] .*architecture\.width/,
    ],
    [
      'a bad axis value',
      '[10, 30]',
      '[10, 3.5]',
      /^\[width\.yaml:14:35\] architecture\.width: 3\.5 is not allowed.*whole/,
    ],
    ['an empty axis', '[10, 30]', '[]', /architecture\.width are not a list with at least one value/],
    ['negative temperature', '0.01', '-1', /^\[width\.yaml:4:1\] temperature: -1 is not allowed\. .*≥ 0/],
    ['infinite temperature', '0.01', '.inf', /temperature is Infinity\. Give a finite number/],
    ['another format version', 'ggdln: 1', 'ggdln: 2', /^\[width\.yaml:2:1\] format version 2 is not known/],
    ['a missing key', 'temperature: 0.01\n', '', /"temperature" is missing\. Add it, e\.g\. temperature: 0\.01/],
    ['a part without use', 'use: steps', 'uses: steps', /gating doesn't say which plugin to use/],
    ['text for a mapping', '{ use: net }', 'net', /architecture is the text "net", not a mapping/],
    ['a name with spaces', 'name: width', 'name: My Name', /Give a short name/],
    [
      'two parts of one name',
      '  - use: closed-form',
      '  - use: closed-form\n  - use: closed-form',
      /called "closed-form".*as: closed-form-2/,
    ],
  ])('%s: says where, what and what would be right', async (_what, from, to, message) => {
    expect(await complaintOf(edited(from, to))).toMatch(message);
  });

  it('says what an empty file needs', async () => {
    expect(await complaintOf('')).toContain('the experiment is empty');
  });

  it('refuses an experiment that computes nothing', async () => {
    const { learners: _learners, theories: _theories, ...nothing } = baseSpec;
    expect((await failureOf(() => resolveSpec(nothing, registry))).message).toContain('nothing to compute');
  });
});

describe('resolveSpec', () => {
  it('fills in every default', () => {
    const spec = resolved();
    expect(spec.learners[0]).toMatchObject({ as: 'sampler', role: 'exact-sampling', options: { batches: 20, nan: 0 } });
    expect(spec.figure).toEqual({ x: 'architecture.width', metrics: ['bias', 'variance'] });
    expect(spec.linalg).toBe('auto');
  });

  it('gives a spec that resolves to itself', () => {
    const spec = resolved({ learners: [{ use: 'sampler', as: 'mine', at: { 'architecture.width': [10] } }] });
    expect(resolveSpec(toSpec(spec), registry)).toEqual(spec);
    expect(resolveSpec(JSON.parse(JSON.stringify(toSpec(spec))), registry)).toEqual(spec);
  });

  it('names the path where there is no text', async () => {
    const wrong = { ...baseSpec, gating: { use: 'steps', gate: 1 } };
    expect((await failureOf(() => resolveSpec(wrong, registry))).message).toMatch(/^\[experiment, gating\.gate\]/);
  });

  it('checks the figure', async () => {
    const x = failureOf(() => resolved({ figure: { x: 'temperature' } }));
    expect((await x).message).toContain('Known: architecture.width');
    const metric = failureOf(() => resolved({ figure: { metrics: ['biass'] } }));
    expect((await metric).message).toContain('Did you mean bias?');
  });
});

describe('overrideSpec', () => {
  it('replaces values by path and keeps the lines of the rest', async () => {
    const file = overrideSpec(parseSpec(text, 'width.yaml'), {
      temperature: '0.5',
      'gating.gates': '7',
      'learners.sampler.batches': 9,
      'learners.sampler.at.architecture.width': '10, 20',
      'sweep.architecture.width': '1,2',
    });
    const spec = resolveSpec(file, registry);
    expect(spec).toMatchObject({ temperature: 0.5, gating: { options: { gates: 7 } } });
    expect(spec.learners[0]).toMatchObject({ options: { batches: 9 }, at: { 'architecture.width': [10, 20] } });
    expect(spec.sweep).toEqual({ 'architecture.width': [1, 2] });
    const unknown = () => resolveSpec(overrideSpec(file, { 'gating.gate': 7 }), registry);
    expect((await failureOf(unknown)).message).toMatch(/^\[width\.yaml:6:1\] unknown option.*gates/);
  });

  it('names what it does not know', async () => {
    const set = (path: string) => failureOf(() => overrideSpec(baseSpec, { [path]: 1 }));
    expect((await set('gatings.gates')).message).toContain('Did you mean gating?');
    expect((await set('learners.samplr.batches')).message).toContain('Did you mean sampler?');
  });
});

describe('specJsonSchema', () => {
  it('has the options of every plugin', () => {
    const schema = JSON.parse(JSON.stringify(specJsonSchema(registry)));
    expect(schema.required).toContain('temperature');
    expect(schema.properties.gating.oneOf[0].properties).toMatchObject({
      use: { const: 'steps' },
      gates: { type: 'integer', minimum: 0, default: 2 },
    });
    expect(Object.keys(schema.properties.learners.items.oneOf[0].properties)).toEqual(
      expect.arrayContaining(['use', 'as', 'at', 'batches']),
    );
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(Object.keys(baseSpec)));
  });
});
