import { inputError, type Json, type JsonObject } from '@ggdln/core';
import { columnVector, type Matrix, matrixFromRows } from '@ggdln/linalg';

const where = '@ggdln/theory conformance';

/** Reads one part of a stored case; `name` is for messages. @throws GGDLN_INPUT for what is absent or ill-formed. */
interface StoredReader {
  has(name: string): boolean;
  text(name: string): string;
  number(name: string): number;
  /** A list; a lone number is a list of one, or of `length` times itself where that is given. */
  numbers(name: string, length?: number): number[];
  list(name: string): readonly Json[];
  /** Lists of numbers that may differ in length. */
  lists(name: string): number[][];
  matrix(name: string): Matrix;
  /** A matrix, or a list of numbers as its only column. */
  columns(name: string): Matrix;
  matrices(name: string): Matrix[];
}

/** A reader of `params` or `inputs` of a fixture case: nested lists of numbers become matrices. */
export function readStored(part: string, values: JsonObject): StoredReader {
  const get = (name: string): Json => {
    if (!Object.hasOwn(values, name)) {
      throw inputError(where, `${part}.${name} is absent`, `Known are ${Object.keys(values).join(', ')}`);
    }
    return values[name];
  };
  return {
    has: (name) => Object.hasOwn(values, name),
    text: (name) => asText(get(name), `${part}.${name}`),
    number: (name) => asNumber(get(name), `${part}.${name}`),
    numbers: (name, length = 1) => {
      const value = get(name);
      return typeof value === 'number' ? new Array<number>(length).fill(value) : asNumbers(value, `${part}.${name}`);
    },
    list: (name) => asList(get(name), `${part}.${name}`),
    lists: (name) => asList(get(name), `${part}.${name}`).map((item, k) => asNumbers(item, `${part}.${name}[${k}]`)),
    matrix: (name) => asMatrix(get(name), `${part}.${name}`),
    columns: (name) => {
      const value = get(name);
      const flat = Array.isArray(value) && typeof value[0] === 'number';
      return flat ? columnVector(asNumbers(value, `${part}.${name}`)) : asMatrix(value, `${part}.${name}`);
    },
    matrices: (name) => asList(get(name), `${part}.${name}`).map((item, k) => asMatrix(item, `${part}.${name}[${k}]`)),
  };
}

function asNumber(value: Json, name: string): number {
  if (typeof value !== 'number') throw inputError(where, `${name} is ${kindOf(value)}`, 'It should be a number');
  return value;
}

function asText(value: Json, name: string): string {
  if (typeof value !== 'string') throw inputError(where, `${name} is ${kindOf(value)}`, 'It should be text');
  return value;
}

function asList(value: Json, name: string): readonly Json[] {
  if (!Array.isArray(value)) throw inputError(where, `${name} is ${kindOf(value)}`, 'It should be a list');
  return value;
}

function asNumbers(value: Json, name: string): number[] {
  return asList(value, name).map((item, k) => asNumber(item, `${name}[${k}]`));
}

function asMatrix(value: Json, name: string): Matrix {
  return matrixFromRows(asList(value, name).map((row, k) => asNumbers(row, `${name}[${k}]`)));
}

function kindOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `${typeof value} ${value}`;
}
