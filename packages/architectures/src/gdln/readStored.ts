import { type GgdlnError, inputError, type Json, type JsonObject } from '@ggdln/core';
import { columnVector, type Matrix, matrixFromRows } from '@ggdln/linalg';

/** Parts of a stored case, each checked: JSON says nothing of types, and null is no number. */

const refuse = (name: string, value: Json | undefined, wanted: string): GgdlnError =>
  inputError(
    '@ggdln/architectures conformance',
    value === undefined ? `${name} is absent` : `${name} is ${JSON.stringify(value).slice(0, 40)}`,
    `Give ${wanted}, as the cases of fixtures/gdln.json do`,
  );

/** @param path e.g. `params.lr`; the last part is the key. */
export function numberAt(values: JsonObject, path: string): number {
  const value = values[path.slice(path.lastIndexOf('.') + 1)];
  if (typeof value === 'number') return value;
  throw refuse(path, value, 'a number');
}

export function listAt(values: JsonObject, name: string): readonly Json[] {
  const value = values[name];
  if (Array.isArray(value)) return value;
  throw refuse(`inputs.${name}`, value, 'a list');
}

export function objectAt(values: JsonObject, name: string): JsonObject {
  const value = values[name];
  if (isObject(value)) return value;
  throw refuse(`inputs.${name}`, value, 'an object');
}

/** A list of objects. */
export function objectsAt(values: JsonObject, name: string): readonly JsonObject[] {
  return listAt(values, name).map((item, k) => {
    if (isObject(item)) return item;
    throw refuse(`inputs.${name}[${k}]`, item, 'an object');
  });
}

/** Rows of numbers. @param name For messages. */
export function matrixOf(value: Json | undefined, name: string): Matrix {
  return matrixFromRows(itemsOf(value, name).map((row, i) => numbersOf(row, `${name}[${i}]`)));
}

/** One matrix after the other. */
export function matricesOf(value: Json | undefined, name: string): Matrix[] {
  return itemsOf(value, name).map((item, k) => matrixOf(item, `${name}[${k}]`));
}

/** A list of numbers as a column. */
export function columnOf(value: Json | undefined, name: string): Matrix {
  return columnVector(numbersOf(value, name));
}

/** Lists of numbers as columns. */
export function columnsOf(value: Json | undefined, name: string): Matrix[] {
  return itemsOf(value, name).map((item, k) => columnOf(item, `${name}[${k}]`));
}

/** A list of numbers. */
export function numbersOf(value: Json | undefined, name: string): number[] {
  return itemsOf(value, name).map((item, i) => {
    if (typeof item === 'number') return item;
    throw refuse(`${name}[${i}]`, item, 'a number');
  });
}

function itemsOf(value: Json | undefined, name: string): readonly Json[] {
  if (Array.isArray(value)) return value;
  throw refuse(name, value, 'a list');
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
