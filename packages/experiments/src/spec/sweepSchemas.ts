import type { JsonObject } from '@ggdln/core';

const values: JsonObject = { type: 'array', minItems: 1, items: { type: ['number', 'string', 'boolean'] } };
const bounds: JsonObject = { type: 'array', minItems: 2, maxItems: 2, items: { type: 'number' } };

function one(key: string, value: JsonObject): JsonObject {
  return { type: 'object', additionalProperties: false, required: [key], properties: { [key]: value } };
}

function oneOrMore(group: JsonObject): JsonObject {
  return { oneOf: [group, { type: 'array', items: group }] };
}

/** The `$defs` of sweeps in the JSON Schema of experiments. */
export const sweepSchemas: JsonObject = {
  axes: {
    type: 'object',
    description: 'Lists of values by path, e.g. architecture.width.',
    additionalProperties: values,
  },
  draw: {
    description: 'How the values of an axis are drawn.',
    oneOf: [one('uniform', bounds), one('log-uniform', bounds), one('choice', values)],
  },
  random: {
    type: 'object',
    description: 'Points drawn at random: how many, and how each path is drawn.',
    required: ['count'],
    properties: { count: { type: 'integer', minimum: 1 } },
    additionalProperties: { $ref: '#/$defs/draw' },
  },
  sweep: {
    type: 'object',
    description: 'Lists of values by path, e.g. architecture.width; all of them are crossed.',
    properties: {
      together: oneOrMore({ $ref: '#/$defs/axes' }),
      random: oneOrMore({ $ref: '#/$defs/random' }),
      replicates: { type: 'integer', minimum: 1, description: 'How many seeds.' },
    },
    additionalProperties: values,
  },
};
