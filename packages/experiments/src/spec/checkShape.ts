import { unknownNameError } from '@ggdln/core';
import { checkAxes, checkSweep } from './checkSweep.ts';
import type { ExperimentSpec } from './experimentSpec.ts';
import { type Check, requireList, requireObject, wrongType } from './shapes.ts';
import { placed, type SpecOrigin, type SpecPath, specError } from './specSource.ts';
import { isStudy, refuseParts, type StudySpec } from './studySpec.ts';

interface Shape {
  readonly [key: string]: { readonly check: Check; readonly required?: string };
}

const partExample = '{ use: half-spaces, gates: 6 }';
const studyExample = '{ use: routing-race }';

/** A plugin and its options. @param example For remedies. */
const partLike =
  (example: string): Check =>
  (value, path, origin) => {
    const remedy = `Give a plugin and its options, e.g. ${example}`;
    const object = requireObject(value, path, origin, remedy);
    if (typeof object.use === 'string') return;
    throw specError(origin, path, { problem: `${path.join('.')} doesn't say which plugin to use`, remedy });
  };

const part = partLike(partExample);

/** One gating, or one a layer. */
const gating: Check = (value, path, origin) => {
  if (!Array.isArray(value)) return part(value, path, origin);
  if (value.length === 0) {
    throw specError(origin, path, {
      problem: 'the list of gatings is empty',
      remedy: `Give one a layer, readout first, or one for all, e.g. gating: ${partExample}`,
    });
  }
  for (const [layer, item] of value.entries()) part(item, [...path, layer], origin);
};

const sources: Check = (value, path, origin) => {
  const list = requireList(value, path, origin, 'Give a list, e.g. [{ use: block-gibbs, sweeps: 1500 }]');
  for (const [index, item] of list.entries()) {
    const here = [...path, index];
    part(item, here, origin);
    const { as, at } = item as { as?: unknown; at?: unknown };
    if (as !== undefined) shortName(as, [...here, 'as'], origin);
    if (at !== undefined) checkAxes(at, [...here, 'at'], origin);
  }
};

const text: Check = (value, path, origin) => {
  if (typeof value !== 'string') throw wrongType(value, path, origin, 'text');
};

const shortName: Check = (value, path, origin) => {
  if (typeof value === 'string' && /^[a-z0-9][a-z0-9-]*$/.test(value)) return;
  throw wrongType(value, path, origin, 'a short name: lower-case letters, digits and dashes');
};

const texts: Check = (value, path, origin) => {
  const list = requireList(value, path, origin, 'Give a list of text');
  for (const [index, item] of list.entries()) text(item, [...path, index], origin);
};

const numeric: Check = (value, path, origin) => {
  // Text is converted later, as it is for every option.
  if (typeof value !== 'number' && typeof value !== 'string') throw wrongType(value, path, origin, 'a number');
};

const figure: Check = (value, path, origin) =>
  checkKeys(value, path, origin, { x: { check: text }, metrics: { check: texts } });

const version: Check = (value, path, origin) => {
  if (value === 1) return;
  throw specError(origin, path, {
    problem: `format version ${JSON.stringify(value)} is not known`,
    remedy: 'This release reads "ggdln: 1"',
  });
};

const shape: Shape = {
  ggdln: { check: version, required: 'ggdln: 1' },
  name: { check: shortName, required: 'name: my-experiment' },
  title: { check: text },
  description: { check: text },
  seed: { check: numeric },
  temperature: { check: numeric, required: 'temperature: 0.01' },
  dataset: { check: part, required: 'dataset: { use: mnist }' },
  gating: { check: gating, required: `gating: ${partExample}` },
  architecture: { check: part, required: 'architecture: { use: ggdln, width: 100 }' },
  learners: { check: sources },
  theories: { check: sources },
  sweep: { check: checkSweep },
  figure: { check: figure },
  linalg: { check: text },
  tensor: { check: text },
  plugins: { check: texts },
};

const studyShape: Shape = {
  ggdln: { check: version, required: 'ggdln: 1' },
  name: { check: shortName, required: 'name: my-study' },
  title: { check: text },
  description: { check: text },
  seed: { check: numeric },
  study: { check: partLike(studyExample), required: `study: ${studyExample}` },
  linalg: { check: text },
  plugins: { check: texts },
};

/** The keys of a spec, in the order in which they are written. */
export const specKeys: readonly string[] = Object.keys(shape);

/** Checks that a value has the shape of a spec. @throws GGDLN_CONFIG naming the place. */
export function checkShape(value: unknown, origin: SpecOrigin): ExperimentSpec {
  if (value === null || value === undefined) {
    throw specError(origin, [], {
      problem: 'the experiment is empty',
      remedy: 'It starts with "ggdln: 1" and names a dataset, a gating, an architecture, learners and theories',
    });
  }
  if (isStudy(value)) {
    throw specError(origin, ['study'], {
      problem: 'this is a study, not an experiment of dataset, gating and architecture',
      remedy: 'Run it with ggdln run, or resolve it with resolveStudy',
    });
  }
  checkKeys(value, [], origin, shape);
  refuseNonFinite(value, [], origin);
  return value as ExperimentSpec;
}

/** Checks that a value has the shape of a study. @throws GGDLN_CONFIG naming the place. */
export function checkStudyShape(value: object, origin: SpecOrigin): StudySpec {
  refuseParts(value, origin);
  checkKeys(value, [], origin, studyShape);
  refuseNonFinite(value, [], origin);
  return value as StudySpec;
}

function checkKeys(value: unknown, path: SpecPath, origin: SpecOrigin, keys: Shape): void {
  const known = Object.keys(keys);
  const object = requireObject(value, path, origin, `Give a mapping with the keys ${known.join(', ')}`);
  for (const key of Object.keys(object)) {
    const here = [...path, key];
    if (!Object.hasOwn(keys, key)) {
      throw placed(origin, here, unknownNameError('@ggdln/experiments', 'key', key, known));
    }
    keys[key].check(object[key], here, origin);
  }
  for (const [key, { required }] of Object.entries(keys)) {
    if (required !== undefined && object[key] === undefined) {
      throw specError(origin, path, { problem: `"${key}" is missing`, remedy: `Add it, e.g. ${required}` });
    }
  }
}

function refuseNonFinite(value: unknown, path: SpecPath, origin: SpecOrigin): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw specError(origin, path, { problem: `${path.join('.')} is ${value}`, remedy: 'Give a finite number' });
  }
  if (value !== null && typeof value === 'object') {
    const list = Array.isArray(value);
    for (const [key, item] of Object.entries(value)) refuseNonFinite(item, [...path, list ? Number(key) : key], origin);
  }
}
