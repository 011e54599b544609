import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TemplateKind } from './kinds.ts';

type Ranges = Readonly<Record<string, string>>;

/** Versions that plugins are made for; a test compares them with those of this repository. */
export const TOOLS = { typescript: '^6.0.3', jsdom: '^29.1.1', tensorFlow: '^4.22.0' } as const;

/** Range of the packages of ggdln that a plugin is built and tested with: any of this major version. */
function ownRange(version: string): string {
  return `${version.split('.')[0]}.x`;
}

/**
 * Range of `@ggdln/core` that a plugin runs with: this release and later ones of its major version. What it really
 * needs, the contract, is checked when it is loaded.
 */
function peerRange(version: string): string {
  return `>=${version} <${Number(version.split('.')[0]) + 1}`;
}

/** Version of `@ggdln/core` that came with this package. */
function coreVersion(): string {
  const file = fileURLToPath(import.meta.resolve('@ggdln/core/package.json'));
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** What the sources of a kind import besides `@ggdln/core`, and what its test needs besides the testkit. */
function needs(
  kind: TemplateKind,
  own: string,
): { readonly run: Ranges; readonly peer: Ranges; readonly test: Ranges } {
  const linalg = { '@ggdln/linalg': own };
  const networks = { '@ggdln/architectures': own, '@tensorflow/tfjs-core': TOOLS.tensorFlow };
  switch (kind) {
    case 'learner':
    case 'theory':
      return { run: linalg, peer: {}, test: networks };
    case 'tensor':
      // Two copies of TensorFlow.js in one program don't work together: a peer, as in ggdln.
      return { run: {}, peer: { '@ggdln/tensor': own, '@tensorflow/tfjs-core': TOOLS.tensorFlow }, test: {} };
    case 'executor':
      return { run: {}, peer: {}, test: {} };
    case 'panel':
      return { run: {}, peer: {}, test: { jsdom: TOOLS.jsdom } };
    default:
      return { run: linalg, peer: {}, test: {} };
  }
}

/** The package.json of a new plugin. */
export function manifest(kind: TemplateKind, name: string): string {
  const core = coreVersion();
  const own = ownRange(core);
  const { run, peer, test } = needs(kind, own);
  const sorted = (ranges: Ranges) => Object.fromEntries(Object.entries(ranges).sort(([a], [b]) => (a < b ? -1 : 1)));
  const tools = { '@ggdln/cli': own, '@ggdln/core': own, '@ggdln/plugin-testkit': own, typescript: TOOLS.typescript };
  const content = {
    name,
    version: '0.1.0',
    description: `A ${kind} for ggdln.`,
    keywords: ['ggdln-plugin', kind],
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20.19' },
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' },
    files: ['dist'],
    scripts: {
      build: 'tsc',
      test: 'npm run build && node --test test/contract.test.js',
      prepack: 'npm run build',
    },
    peerDependencies: sorted({ '@ggdln/core': peerRange(core), ...peer }),
    ...(Object.keys(run).length > 0 ? { dependencies: run } : {}),
    devDependencies: sorted({ ...tools, ...peer, ...test }),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}
