import { type Json, type JsonObject, optionsJsonSchema, type PluginKind, type Registry } from '@ggdln/core';
import { metricNames } from '../metrics/predictorMetrics.ts';
import { experimentOptions } from './axes.ts';
import { sweepSchemas } from './sweepSchemas.ts';

/**
 * JSON Schema (2020-12) of experiment files, for editors: the format of a spec with the options of every plugin in
 * the registry.
 */
export function specJsonSchema(registry: Registry): JsonObject {
  const source = { as: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]*$' }, at: { $ref: '#/$defs/axes' } };
  const text = { type: 'string' };
  const own = optionsJsonSchema(experimentOptions).properties as JsonObject;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'ggdln experiment',
    type: 'object',
    additionalProperties: false,
    required: ['ggdln', 'name', 'temperature', 'dataset', 'gating', 'architecture'],
    properties: {
      ggdln: { const: 1, description: 'Version of this format.' },
      name: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]*$', description: 'Short name for folders and files.' },
      title: text,
      description: text,
      ...own,
      dataset: oneEntry(registry, 'dataset'),
      gating: {
        description: 'One gating for every layer, or a list with one a layer, readout first.',
        oneOf: [
          ...alternatives(registry, 'gating'),
          { type: 'array', minItems: 1, items: oneEntry(registry, 'gating') },
        ],
      },
      architecture: oneEntry(registry, 'architecture'),
      learners: { type: 'array', items: oneEntry(registry, 'learner', source) },
      theories: { type: 'array', items: oneEntry(registry, 'theory', source) },
      sweep: { $ref: '#/$defs/sweep' },
      figure: {
        type: 'object',
        additionalProperties: false,
        properties: { x: text, metrics: { type: 'array', items: { enum: metricNames } } },
      },
      linalg: { enum: ['auto', ...registry.list('linalg').map((item) => item.name)] },
      tensor: { enum: ['auto', ...registry.list('tensor').map((item) => item.name)] },
      plugins: { type: 'array', items: text },
    },
    $defs: sweepSchemas,
  };
}

/** JSON Schema (2020-12) of files that run a study. */
export function studyJsonSchema(registry: Registry): JsonObject {
  const text = { type: 'string' };
  const { seed } = optionsJsonSchema({ seed: experimentOptions.seed }).properties as JsonObject;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'ggdln study',
    type: 'object',
    additionalProperties: false,
    required: ['ggdln', 'name', 'study'],
    properties: {
      ggdln: { const: 1, description: 'Version of this format.' },
      name: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]*$', description: 'Short name for folders and files.' },
      title: text,
      description: text,
      seed,
      study: oneEntry(registry, 'study'),
      linalg: { enum: ['auto', ...registry.list('linalg').map((item) => item.name)] },
      plugins: { type: 'array', items: text },
    },
  };
}

function oneEntry(registry: Registry, kind: PluginKind, extra: { readonly [key: string]: Json } = {}): JsonObject {
  const schemas = alternatives(registry, kind, extra);
  return schemas.length === 0 ? { not: {} } : { oneOf: schemas };
}

function alternatives(
  registry: Registry,
  kind: PluginKind,
  extra: { readonly [key: string]: Json } = {},
): readonly JsonObject[] {
  return registry.list(kind).map(({ name, entry }) => {
    const options = optionsJsonSchema(entry.options);
    return {
      title: entry.title,
      description: entry.summary,
      ...options,
      required: ['use'],
      properties: { use: { const: name }, ...extra, ...(options.properties as JsonObject) },
    };
  });
}
