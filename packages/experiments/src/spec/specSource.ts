import { GgdlnError, isGgdlnError } from '@ggdln/core';
import type { ExperimentSpec } from './experimentSpec.ts';

/** Where something stands in a spec, e.g. `['learners', 0, 'sweeps']`. */
export type SpecPath = readonly (string | number)[];

/** A place in a text, counted from 1. */
interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** Finds the line of a path; of its nearest existing ancestor where the path itself doesn't exist. */
export type Locate = (path: SpecPath) => TextPosition | undefined;

/** A spec together with the text it came from, so that messages can name the line. */
export interface SpecFile {
  readonly spec: ExperimentSpec;
  readonly fileName: string;
  readonly locate: Locate;
  /** Who gave the value at a path in place of the text, e.g. `--seed`; `undefined` where the text's own stands. */
  readonly givenBy?: (path: SpecPath) => string | undefined;
}

/** What messages need of where a spec came from. */
export type SpecOrigin = Pick<SpecFile, 'fileName' | 'locate' | 'givenBy'>;

/** The origin of a spec that is an object, not a text. */
export const inMemory: SpecOrigin = { fileName: 'experiment', locate: () => undefined };

/** What gave values in place of a text's own, by their paths as in `overrideSpec`, e.g. `{ temperature: '--set' }`. */
export type GivenBy = { readonly [path: string]: string };

/** The origin of a spec of which the values at some places, and all inside them, came from elsewhere. */
export function givenElsewhere(
  origin: SpecOrigin,
  given: readonly { readonly place: SpecPath; readonly by: string }[],
): Pick<SpecFile, 'givenBy'> {
  const within = (place: SpecPath, path: SpecPath) =>
    place.every((step, depth) => String(path[depth]) === String(step));
  // The last one to give a value is the one whose value stands.
  return {
    givenBy: (path) => given.findLast(({ place }) => within(place, path))?.by ?? origin.givenBy?.(path),
  };
}

/** A GGDLN_CONFIG error at a place of a spec, e.g. `[width.yaml:12:5] …`, or `[--seed] …` where that gave the value. */
export function specError(
  origin: SpecOrigin,
  path: SpecPath,
  message: { readonly problem: string; readonly remedy?: string; readonly cause?: unknown },
): GgdlnError {
  const position = origin.locate(path);
  const place = position ? `:${position.line}:${position.column}` : path.length > 0 ? `, ${path.join('.')}` : '';
  const where = origin.givenBy?.(path) ?? `${origin.fileName}${place}`;
  return new GgdlnError({ code: 'GGDLN_CONFIG', where, ...message });
}

/** The same complaint with its place in the spec. */
export function placed(origin: SpecOrigin, path: SpecPath, error: GgdlnError): GgdlnError {
  if (error.code === 'GGDLN_CONFIG') return error;
  const owner = error.where.startsWith('@ggdln') ? '' : `${error.where}: `;
  return specError(origin, path, {
    problem: `${owner}${error.problem}`,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    cause: error,
  });
}

/** Runs a check and gives the errors it throws their place in the spec. */
export function atPath<Value>(origin: SpecOrigin, path: SpecPath, check: () => Value): Value {
  try {
    return check();
  } catch (error) {
    throw isGgdlnError(error) ? placed(origin, path, error) : error;
  }
}
