import {
  CONTRACT_VERSION,
  contractMismatch,
  type EntryOf,
  type FileSource,
  type JsonObject,
  type LinalgBackend,
  nearestNames,
  PLUGIN_KINDS,
  type Plugin,
  type PluginKind,
  resolveOptions,
} from '@ggdln/core';
import { createMlMatrixBackend } from '@ggdln/linalg';
import { type Check, demand } from './check.ts';
import { checkArchitecture } from './checkArchitecture.ts';
import { checkDataset } from './checkDataset.ts';
import { checkEntry } from './checkEntry.ts';
import { checkExecutor } from './checkExecutor.ts';
import { checkGating } from './checkGating.ts';
import { checkLearner } from './checkLearner.ts';
import { checkLinalg } from './checkLinalg.ts';
import { checkPanel, type PanelDocument } from './checkPanel.ts';
import { checkStudy } from './checkStudy.ts';
import { checkTensor } from './checkTensor.ts';
import { checkTheory } from './checkTheory.ts';
import { type Architectures, findProblem, gatesOf, smallOptions } from './findProblem.ts';

/** What a plugin is tested with. */
export interface PluginSetup {
  /** Raw option values by kind and name, e.g. `{ 'learner.sgld': { steps: 50 } }`; keep the work short. */
  readonly options?: { readonly [entry: string]: JsonObject };
  /** Networks for learners and theories to be tried on, beside the plugin's own; e.g. those of `@ggdln/architectures`. */
  readonly architectures?: Architectures;
  /** Where datasets read files from, if they have any. */
  readonly files?: FileSource;
  /** Default: the portable backend. */
  readonly linalg?: LinalgBackend;
  /** Absolute path of an empty folder, for executors; without one they are not tried. */
  readonly folder?: string;
  /** Makes what panels draw in: `() => new JSDOM().window.document`. */
  readonly document?: () => PanelDocument | Promise<PanelDocument>;
}

/** The checks of one entry, or of the plugin as a whole. */
export interface PluginSuite {
  readonly kind: PluginKind | 'panel' | 'plugin';
  /** Of the entry, or of the plugin. */
  readonly name: string;
  readonly checks: readonly Check[];
}

/** The contracts of a plugin and of all its entries, as checks that need no test runner. */
export function checkPlugin(plugin: Plugin, setup: PluginSetup = {}): PluginSuite[] {
  const whole: PluginSuite = { kind: 'plugin', name: String(plugin?.name), checks: pluginChecks(plugin) };
  if (typeof plugin !== 'object' || plugin === null) return [whole];
  const entries = PLUGIN_KINDS.flatMap((kind) =>
    Object.entries(plugin[kind] ?? {}).map(([name, entry]) => ({ kind, name, entry })),
  );
  const suites = entries.map(({ kind, name, entry }) => {
    const given = { ...setup, architectures: { ...plugin.architecture, ...setup.architectures } };
    const checks = orFailing(() => CHECKS[kind](entry as never, setup.options?.[`${kind}.${name}`], given));
    return { kind, name, checks };
  });
  const panels = Object.entries(plugin.panel ?? {}).map(([name, entry]) => ({
    kind: 'panel' as const,
    name,
    checks: orFailing(() => checkPanel(entry, { document: setup.document ?? noDocument })),
  }));
  return [whole, ...suites, ...panels];
}

type ChecksOf<Kind extends PluginKind> = (
  entry: EntryOf<Kind>,
  options: JsonObject | undefined,
  setup: PluginSetup & { readonly architectures: Architectures },
) => Check[];

const withOptions = (options: JsonObject | undefined) => (options ? { options } : {});
const withLinalg = ({ linalg }: PluginSetup) => (linalg ? { linalg } : {});

const CHECKS: { readonly [Kind in PluginKind]: ChecksOf<Kind> } = {
  dataset: (entry, options, setup) =>
    checkDataset(entry, {
      ...withOptions(options),
      ...withLinalg(setup),
      ...(setup.files ? { files: setup.files } : {}),
    }),
  gating: (entry, options) => checkGating(entry, withOptions(options)),
  architecture: (entry, options, setup) => {
    const raw = { ...smallOptions(entry), ...options };
    const gates = gatesOf(entry.create(resolveOptions(entry.options, raw, entry.title)));
    return checkArchitecture(entry, { options: raw, gates, ...withLinalg(setup) });
  },
  learner: (entry, options, setup) => {
    const { problem, ...none } = findProblem((traits) => entry.supports(traits), setup.architectures);
    if (!problem) return [...checkEntry(entry), noProblem(none)];
    return checkLearner(entry, { problem, ...withOptions(options), ...withLinalg(setup) });
  },
  theory: (entry, options, setup) => {
    const { problem, ...none } = findProblem((traits) => entry.supports(traits), setup.architectures);
    if (!problem) return [...checkEntry(entry), noProblem(none)];
    return checkTheory(entry, { problem, ...withOptions(options), ...withLinalg(setup) });
  },
  linalg: (entry, options) => [
    ...checkEntry(entry),
    ...checkLinalg(async () => entry.create(resolveOptions(entry.options, options ?? {}, entry.title)), {
      reference: createMlMatrixBackend,
    }),
  ],
  tensor: (entry, options) => checkTensor(entry, withOptions(options)),
  executor: (entry, options, { folder }) =>
    folder === undefined ? checkEntry(entry) : checkExecutor(entry, { folder, ...withOptions(options) }),
  study: (entry, options, setup) => checkStudy(entry, { ...withOptions(options), ...withLinalg(setup) }),
};

/** A suite that can't even be set up (an entry whose `create` throws) is one failed check. */
function orFailing(make: () => Check[]): Check[] {
  try {
    return make();
  } catch (error) {
    return [{ name: 'can be made with the options of the test', run: () => Promise.reject(error) }];
  }
}

function noProblem({ refusals = [] }: { readonly refusals?: readonly string[] }): Check {
  const tried = refusals.length === 0 ? 'there are no architectures to try' : `it says of ${refusals[0]}`;
  return {
    name: 'supports a problem of a network that is here',
    run: () =>
      demand(
        false,
        `it supports none of ${refusals.length} problems that were tried; ${tried} Expected one that it solves; ` +
          'add its architecture to the plugin or to `architectures`',
      ),
  };
}

function noDocument(): never {
  throw new Error('panels are drawn in a document, and there is none; npm install --save-dev jsdom');
}

function pluginChecks(plugin: Plugin): Check[] {
  return [
    {
      name: 'is a plugin for this contract',
      run: () => {
        const named = typeof plugin?.name === 'string' && plugin.name.trim() !== '';
        demand(named, `it has no name, expected { name, contract: '${CONTRACT_VERSION}', gating: { … } }`);
        const mismatch = contractMismatch(plugin.contract, plugin.name);
        demand(mismatch === undefined, `${mismatch?.reason}. ${mismatch?.remedy}`);
      },
    },
    { name: 'has entries of known kinds, with names for the command line', run: () => demandEntries(plugin) },
  ];
}

function demandEntries(plugin: Plugin): void {
  const kinds = [...PLUGIN_KINDS, 'panel', 'conformance'] as const;
  const known: readonly string[] = ['name', 'contract', ...kinds];
  for (const key of Object.keys(plugin)) {
    const [nearest = kinds.join(', ')] = nearestNames(key, kinds);
    demand(known.includes(key), `it has "${key}", which is no kind of entry; expected ${nearest}`);
  }
  const names = kinds.flatMap((kind) => Object.keys(plugin[kind] ?? {}));
  demand(names.length > 0, `it has no entries, expected some of a kind: ${kinds.join(', ')}`);
  for (const name of names) {
    demand(/^[a-z0-9][a-zA-Z0-9.-]*$/.test(name), `an entry is called "${name}", expected a name like random-stripes`);
  }
}
