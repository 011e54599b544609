import { createHash } from 'node:crypto';
import { canonicalJson, type JsonObject, type Matrix } from '@ggdln/core';
import { decodeNpz, encodeNpz, type NpyArray } from '@ggdln/io';
import { type FailureRecord, type PointRecord, RECORD_SCHEMA } from '../store/pointRecord.ts';

/** The two files of a point. */
export interface RecordFiles {
  readonly json: string;
  readonly npz: Uint8Array;
}

/** The JSON file holds everything but the arrays, their checksum, and a checksum of itself. */
export function encodeRecord(record: PointRecord): RecordFiles {
  const { arrays, ...rest } = record;
  const npz = encodeNpz(toNpyArrays(arrays));
  const content = { ...rest, arrays: { names: Object.keys(arrays), sha256: sha256(npz) } } as unknown as JsonObject;
  return { json: seal(content), npz };
}

/** JSON with a checksum of itself. */
export function seal(content: JsonObject): string {
  return `${JSON.stringify({ sha256: sha256(canonicalJson(content)), content }, undefined, 1)}\n`;
}

/** What was sealed. @throws Error with the reason, if anything isn't as it was written. */
export function unseal(json: string): JsonObject {
  const { sha256: checksum, content } = JSON.parse(json) as { sha256?: unknown; content?: JsonObject };
  if (content === undefined || checksum !== sha256(canonicalJson(content))) {
    throw new Error('its checksum is wrong: it was damaged or changed after it was written');
  }
  return content;
}

/** A kept failure. @throws Error with the reason, if anything isn't as it was written. */
export function decodeFailure(id: string, json: string): FailureRecord {
  const content = unseal(json);
  requireOwn(id, content);
  return content as unknown as FailureRecord;
}

/** @throws Error with the reason, if anything isn't as it was written. */
export function decodeRecord(id: string, json: string, readNpz: Uint8Array): PointRecord {
  const content = unseal(json);
  requireOwn(id, content);
  const { sha256: arraysChecksum } = content.arrays as JsonObject;
  if (arraysChecksum !== sha256(readNpz)) {
    throw new Error('the checksum of its arrays is wrong: they were damaged or changed after they were written');
  }
  const arrays = Object.fromEntries(
    Object.entries(decodeNpz(readNpz)).map(([name, array]) => [name, toMatrix(name, array)]),
  );
  return { ...(content as unknown as PointRecord), arrays };
}

function requireOwn(id: string, content: JsonObject): void {
  if (content.schema !== RECORD_SCHEMA) {
    throw new Error(`it has format ${content.schema}, this release reads ${RECORD_SCHEMA}`);
  }
  if (content.id !== id) throw new Error(`it belongs to point ${content.id}`);
}

/** Matrices as the arrays of an NPZ file. */
export function toNpyArrays(arrays: { readonly [name: string]: Matrix }): Record<string, NpyArray> {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { rows, cols, data }]) => [
      name,
      { dtype: 'float64', shape: [rows, cols], data } as const,
    ]),
  );
}

function toMatrix(name: string, { dtype, shape, data }: NpyArray): Matrix {
  if (dtype !== 'float64' || shape.length !== 2) throw new Error(`its array ${name} is not a matrix of float64`);
  return { rows: shape[0], cols: shape[1], data };
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
