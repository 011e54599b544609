import { createRegistry, defineLearner, defineTensor, integer, type Plugin } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { planPoints, resolveSpec, runExperiment, specJsonSchema, startTensor } from '../src/index.ts';
import { doubles, noLinalg } from './doubles.ts';
import { baseSpec, failureOf } from './helpers.ts';

/** Tensors that count their starts, and a sampler that starts what it is told to. */
function watched() {
  const started: string[] = [];
  const sampler = doubles.learner?.sampler;
  if (!sampler) throw new Error('the doubles have no sampler');
  const abacus = defineTensor({
    title: 'Abacus',
    summary: 'Beads.',
    options: { rods: integer({ title: 'Rods', help: 'Rods of the abacus.', min: 1, default: 13 }) },
    create: ({ rods }) => {
      started.push(`abacus of ${rods}`);
      return { name: 'abacus', description: `${rods} rods` };
    },
  });
  const plugin: Plugin = {
    name: 'watched',
    contract: '1.0.0',
    tensor: { abacus },
    learner: {
      trained: defineLearner({
        ...sampler,
        create: (options) => {
          const { run } = sampler.create(options);
          return {
            async *run(problem, context) {
              started.push(context.tensor ? (await context.tensor()).name : 'its own choice');
              return yield* run(problem, context);
            },
          };
        },
      }),
    },
  };
  return { registry: createRegistry([doubles, plugin]), started };
}

const spec = { ...baseSpec, learners: [{ use: 'trained' }], sweep: { 'architecture.width': [10] } };

describe('the tensor backend of an experiment', () => {
  it('is started by the learners that ask for it, with its default options', async () => {
    const { registry, started } = watched();
    const resolved = resolveSpec({ ...spec, tensor: 'abacus' }, registry);
    const { provenance } = await runExperiment(resolved, { registry, linalg: noLinalg });
    expect(started).toEqual(['abacus of 13', 'abacus']);
    expect(provenance.tensor).toBe('abacus');
  });

  it('is the choice of learners where none is named', async () => {
    const { registry, started } = watched();
    const resolved = resolveSpec(spec, registry);
    expect(resolved.tensor).toBe('auto');
    const { provenance } = await runExperiment(resolved, { registry, linalg: noLinalg });
    expect(started).toEqual(['its own choice']);
    expect(provenance).not.toHaveProperty('tensor');
  });

  it('names the points of learners, and leaves those of theories as they are', async () => {
    const { registry } = watched();
    const plan = (tensor: string) => planPoints(resolveSpec({ ...spec, tensor }, registry));
    const [auto, abacus] = [await plan('auto'), await plan('abacus')];
    const same = auto.map(({ id }, k) => [auto[k].source, id === abacus[k].id]);
    expect(same).toEqual([
      ['closed-form', true],
      ['trained', false],
    ]);
  });

  it('is refused with the nearest names when nobody knows it', async () => {
    const { registry } = watched();
    const { code, message } = await failureOf(() => resolveSpec({ ...spec, tensor: 'abacas' }, registry));
    expect(code).toBe('GGDLN_CONFIG');
    expect(message).toMatch(/tensor.*abacas.*abacus/s);
    expect((await failureOf(() => startTensor('abacas', registry))).message).toContain('abacus');
    const { properties } = specJsonSchema(registry) as { readonly properties: Record<string, unknown> };
    expect(properties.tensor).toEqual({ enum: ['auto', 'abacus'] });
  });
});
