import { describe, expect, it } from 'vitest';
import {
  type ExperimentSpec,
  overrideSpec,
  parseSpec,
  planPoints,
  resolveSpec,
  specJsonSchema,
  toSpec,
} from '../src/index.ts';
import { baseSpec, failureOf, registry, resolved } from './helpers.ts';

interface Schema {
  readonly properties?: object;
  readonly required?: readonly string[];
  readonly oneOf?: readonly Schema[];
}

const placesOf = async (changes: Partial<ExperimentSpec>, source = 'sampler') =>
  (await planPoints(resolved(changes))).filter((point) => point.source === source).map(({ axes }) => axes);
/** The distinct values of an axis, in the order of points. */
const valuesOf = async (sweep: ExperimentSpec['sweep'], axis: string) => [
  ...new Set((await placesOf({ sweep: sweep ?? {} })).map((axes) => axes[axis])),
];

describe('axes that move together', () => {
  const together = { 'architecture.width': [10, 20, 40], 'dataset.trainSize': [2, 4, 8] };

  it('are read side by side, and crossed with the others', async () => {
    const places = await placesOf({ sweep: { temperature: [0.1, 1], together } });
    expect(places).toEqual(
      [0.1, 1].flatMap((temperature) =>
        [0, 1, 2].map((i) => ({
          temperature,
          'architecture.width': together['architecture.width'][i],
          'dataset.trainSize': together['dataset.trainSize'][i],
        })),
      ),
    );
  });

  it('set the options of their points, for theories too', async () => {
    const points = await planPoints(resolved({ sweep: { together: [together] } }));
    expect(points).toHaveLength(6);
    for (const { axes, settings } of points) {
      expect(settings.architecture.options.width).toBe(axes['architecture.width']);
      expect(settings.dataset.options.trainSize).toBe(Number(axes['architecture.width']) / 5);
    }
  });

  it('leave out of each source what is the own option of another, once', async () => {
    const sweep = { together: { 'architecture.width': [10, 10, 40], 'learners.sampler.sweeps': [5, 6, 7] } };
    expect(await placesOf({ sweep }, 'closed-form')).toEqual([
      { 'architecture.width': 10 },
      { 'architecture.width': 40 },
    ]);
    expect((await placesOf({ sweep })).map((axes) => axes['learners.sampler.sweeps'])).toEqual([5, 6, 7]);
  });

  it('keep theories of a group of their own beside each other, and go to the places of learners too', async () => {
    const sweep = { together: { 'architecture.width': [10, 40], 'theories.closed-form.shift': [1, 2] } };
    const places = await placesOf({ sweep, learners: [{ use: 'sampler', at: {} }] }, 'closed-form');
    expect(places).toEqual([
      { 'architecture.width': 10, 'theories.closed-form.shift': 1 },
      { 'architecture.width': 40, 'theories.closed-form.shift': 2 },
    ]);
  });
});

describe('random axes', () => {
  const random = {
    count: 50,
    temperature: { 'log-uniform': [0.001, 1] },
    'architecture.width': { uniform: [2, 5] },
    'theories.closed-form.shift': { choice: [1, 2] },
  } as const;

  it('draw values within their bounds, whole where the option is', async () => {
    const places = await placesOf({ sweep: { random } });
    expect(places).toHaveLength(50);
    const temperatures = places.map((axes) => Number(axes.temperature));
    expect(temperatures.every((value) => value >= 0.001 && value <= 1)).toBe(true);
    // Half of them lie below the geometric mean of the bounds; 50 fair coins stay within 25 ± 15.
    const below = temperatures.filter((value) => value < Math.sqrt(0.001)).length;
    expect(Math.abs(below - 25)).toBeLessThan(15);
    expect(new Set(places.map((axes) => axes['architecture.width']))).toEqual(new Set([2, 3, 4, 5]));
  });

  it('are the same for the same seed, others for another, and more of them keep the first', async () => {
    const few = resolved({ sweep: { random: { ...random, count: 5 } } });
    const many = resolved({ sweep: { random } });
    expect(resolved({ sweep: { random } })).toEqual(many);
    expect(resolved({ seed: 12, sweep: { random } }).together).not.toEqual(many.together);
    for (const [axis, values] of Object.entries(few.together[0]))
      expect(values).toEqual(many.together[0][axis].slice(0, 5));
    const ids = (await planPoints(many)).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining((await planPoints(few)).map(({ id }) => id)));
  });

  it('do not depend on which other axes are drawn', () => {
    const alone = resolved({ sweep: { random: { count: 4, temperature: random.temperature } } });
    const beside = resolved({ sweep: { random: { ...random, count: 4 } } });
    expect(alone.sweep.temperature).toEqual(beside.together[0].temperature);
  });

  it('of two groups are crossed', async () => {
    const slopes = { count: 2, 'architecture.slopes': { uniform: [1, 2] } } as const;
    expect(await placesOf({ sweep: { random: [{ count: 3, temperature: random.temperature }, slopes] } })).toHaveLength(
      6,
    );
  });

  it('become lists in the resolved spec, which resolves to itself', () => {
    const spec = resolved({ sweep: { random, 'dataset.trainSize': [4, 8], replicates: 1 } });
    expect(toSpec(spec).sweep).not.toHaveProperty('random');
    expect(resolveSpec(toSpec(spec), registry)).toEqual(spec);
  });
});

describe('replicates', () => {
  it('are seeds from the experiment’s own on', async () => {
    expect(await valuesOf({ replicates: 3 }, 'seed')).toEqual([11, 12, 13]);
    const points = await planPoints(resolved({ sweep: { replicates: 3 } }));
    expect(points.filter(({ source }) => source === 'sampler').map(({ settings }) => settings.seed)).toEqual([
      11, 12, 13,
    ]);
  });

  it('are set on the command line like the rest', () => {
    const spec = overrideSpec(baseSpec, { 'sweep.replicates': '2' });
    expect(resolveSpec(spec, registry).sweep.seed).toEqual([11, 12]);
  });
});

it('the JSON Schema knows all that a sweep can hold', () => {
  const { sweep, random, draw } = (
    specJsonSchema(registry) as unknown as { readonly $defs: { readonly [name: string]: Schema } }
  ).$defs;
  expect(Object.keys(sweep.properties ?? {})).toEqual(['together', 'random', 'replicates']);
  expect(random.required).toEqual(['count']);
  expect(draw.oneOf?.map((one) => one.required)).toEqual([['uniform'], ['log-uniform'], ['choice']]);
});

describe('mistakes in sweeps', () => {
  const text = (sweep: string) =>
    `ggdln: 1\nname: x\ntemperature: 1\ndataset: { use: line }\ngating: { use: steps }\narchitecture: { use: net }\n` +
    `theories: [{ use: closed-form }]\nsweep:\n  ${sweep}\n`;
  it.each([
    ['together: { temperature: [1, 2], seed: [1] }', '9:36', 'seed has 1 values, temperature has 2'],
    ['together: { temperature: [] }', '9:15', 'the values of temperature are not a list'],
    ['together: { architecture.with: [1], seed: [1] }', '9:15', 'architecture.width'],
    ['together: 3', '9:3', 'sweep.together is 3, not a mapping'],
    ['random: { temperature: { uniform: [0, 1] } }', '9:3', 'the count of random points is missing'],
    ['random: { count: 0 }', '9:13', 'Give a whole number ≥ 1'],
    ['random: { count: 2, temperature: { uniform: [1, 0] } }', '9:38', 'the bounds of temperature are [1,0]'],
    ['random: { count: 2, temperature: { log-uniform: [0, 1] } }', '9:38', 'both > 0'],
    ['random: { count: 2, temperature: { normal: [0, 1] } }', '9:23', 'temperature has normal for its draws'],
    ['random: { count: 2, temperature: { choice: [] } }', '9:38', 'not a list with at least one value'],
    ['random: { count: 2, temperature: { uniform: [-2, -1] } }', '9:23', 'is not allowed. Give a finite number ≥ 0'],
    ['random: { count: 2, temprature: { uniform: [0, 1] } }', '9:23', 'temperature'],
    ['{ seed: [1, 2], replicates: 2 }', '9:19', 'the axis seed is swept twice'],
    ['replicates: many', '9:3', 'Give a whole number ≥ 1'],
    ['replicates: 1.0e+9', '9:3', 'sweep.replicates is 1000000000. Give a whole number ≥ 1 and ≤ 100000'],
  ])('%s', async (sweep, place, said) => {
    const { code, message } = await failureOf(() => resolveSpec(parseSpec(text(sweep), 'x.yaml'), registry));
    expect(code).toBe('GGDLN_CONFIG');
    expect(message).toContain(`x.yaml:${place}]`);
    expect(message).toContain(said);
  });

  it('do not replace one axis of a group for one part', async () => {
    const changes = {
      sweep: { together: { temperature: [1, 2], 'architecture.width': [3, 4] } },
      theories: [{ use: 'closed-form', at: { temperature: [1] } }],
    };
    expect((await failureOf(() => resolved(changes))).message).toContain(
      "temperature moves together with architecture.width; its values can't be replaced",
    );
  });
});
