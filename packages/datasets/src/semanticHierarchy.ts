import {
  type Dataset,
  type IntegerOption,
  inputError,
  integer,
  type JsonObject,
  type OptionValues,
  resolveOptions,
} from '@ggdln/core';
import { matrix } from '@ggdln/linalg';

/** Options of the dataset `semantic-hierarchy`. */
export const semanticHierarchyOptions: { readonly levels: IntegerOption; readonly branches: IntegerOption } = {
  levels: integer({ title: 'Levels', min: 1, max: 10, default: 3, help: 'Levels of the tree below its root.' }),
  branches: integer({ title: 'Branches', min: 2, max: 100, default: 2, help: 'Children of every node.' }),
};

export type SemanticHierarchyOptions = OptionValues<typeof semanticHierarchyOptions>;

/** Items × properties that are made at most. */
const MAX_ENTRIES = 2 ** 24;

/**
 * Items at the leaves of a regular tree, each with the properties of all nodes above it: inputs are one-hot items
 * (|x|² = N0 = items), targets 1 for every node on the way to the root and 0 else. The singular values of YᵀX fall level
 * by level, so that deep networks learn broad distinctions before fine ones (Saxe, McClelland & Ganguli 2019,
 * arXiv:1810.10531). Test and training examples are the same.
 * @param options Any of `semanticHierarchyOptions`; the rest take their defaults.
 * @throws GGDLN_INPUT for an option out of range or a tree that is too large.
 */
export function semanticHierarchy(options: Partial<SemanticHierarchyOptions> = {}): Dataset {
  const settings = resolveOptions(semanticHierarchyOptions, options as JsonObject, 'dataset semantic-hierarchy');
  const { levels, branches } = settings;
  const items = branches ** levels;
  const properties = (branches ** (levels + 1) - 1) / (branches - 1);
  if (items * properties > MAX_ENTRIES) {
    throw inputError(
      'dataset semantic-hierarchy',
      `${levels} levels of ${branches} branches are ${items} items with ${properties} properties`,
      'Ask for fewer levels or branches',
    );
  }
  const X = matrix(items, items);
  const Y = matrix(items, properties);
  for (let item = 0; item < items; item++) {
    X.data[item * items + item] = Math.sqrt(items);
    for (let level = 0, first = 0; level <= levels; first += branches ** level, level++) {
      const node = first + Math.floor(item / branches ** (levels - level));
      Y.data[item * properties + node] = 1;
    }
  }
  const copy = () => ({ X: matrix(items, items, X.data.slice()), Y: matrix(items, properties, Y.data.slice()) });
  return { train: { X, Y }, test: copy(), provenance: { dataset: 'semantic-hierarchy', ...settings } };
}
