import { inputError, type Json, type JsonObject, type Matrix } from '@ggdln/core';
import { matrixFromRows } from '@ggdln/linalg';

const where = '@ggdln/learning conformance';

/** A number of a fixture case. */
export function numberAt(data: JsonObject, name: string): number {
  const value = data[name];
  if (typeof value !== 'number')
    throw inputError(where, `${name} is ${JSON.stringify(value)}`, 'It should be a number');
  return value;
}

/** A list of numbers of a fixture case. */
export function vectorAt(data: JsonObject, name: string): Float64Array {
  return Float64Array.from(flatten(data[name], name));
}

/** Nested rows of a fixture case. */
export function matrixAt(data: JsonObject, name: string): Matrix {
  const rows = data[name];
  if (!Array.isArray(rows)) throw inputError(where, `${name} is not a list of rows`, 'Give nested lists');
  return matrixFromRows(rows.map((row: Json, i) => flatten(row, `${name}[${i}]`)));
}

/** All numbers of nested lists, in row-major order. */
export function flatten(json: Json | undefined, name: string): number[] {
  if (typeof json === 'number') return [json];
  if (!Array.isArray(json)) throw inputError(where, `${name} has something that is no number`, 'Give nested lists');
  return json.flatMap((item: Json) => flatten(item, name));
}
