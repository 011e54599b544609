// The floors of CONTRIBUTING.md as dependency-cruiser rules: imports only go down. Run by `pnpm layers`.

const floors = [
  ['core'],
  ['linalg', 'io'],
  ['datasets', 'executor-slurm', 'gating', 'linalg-openblas', 'tensor'],
  ['architectures', 'tensor-openblas'],
  ['learning', 'theory'],
  ['studies'],
  ['experiments', 'plot', 'standard'],
  ['reproductions'],
  ['cli'],
];
const packages = floors.flat();

/** They run in Node only, by what they do; all others keep that apart in src/node/. */
const forNode = `^packages/(?:cli/|create-plugin/|executor-slurm/|linalg-openblas/|[^/]+/src/node/)`;

/** Beside the floors; it may import what stands on them. */
const testkit = 'plugin-testkit';
const belowTestkit = ['core', 'linalg'];
/** Beside the floors too: makes new plugins; its templates stand on what plugins stand on. */
const scaffold = 'create-plugin';
/** Who may use the two in what it publishes: the command makes plugins and tests them. */
const usesThem = ['cli'];

const anyOf = (names) => `(?:${names.join('|')})`;
const within = (names) => `^packages/${anyOf(names)}/`;
const notBelow = (name) => packages.filter((other) => other !== name && !floorsBelow(name).includes(other));

function floorsBelow(name) {
  const floor = floors.findIndex((names) => names.includes(name));
  return floors.slice(0, floor).flat();
}

/** One rule for what a package publishes, one for its tests (which may also use the testkit). */
const floorRules = packages.flatMap((name) => [
  {
    name: `${name}-imports-only-from-below`,
    severity: 'error',
    from: { path: `^packages/${name}/`, pathNot: `^packages/${name}/test/` },
    to: { path: within([...notBelow(name), ...(usesThem.includes(name) ? [] : [testkit, scaffold])]) },
  },
  {
    name: `tests-of-${name}-import-only-from-below`,
    severity: 'error',
    from: { path: `^packages/${name}/test/` },
    to: { path: within(notBelow(name)) },
  },
]);

const tensorFlow = '(^|/)@tensorflow/';

const rules = [
  ...floorRules,
  {
    name: 'core-imports-nothing',
    severity: 'error',
    from: { path: '^packages/core/src/', pathNot: '^packages/core/src/node/' },
    to: { pathNot: '^packages/core/src/' },
  },
  {
    name: 'testkit-imports-only-from-below',
    severity: 'error',
    from: { path: `^packages/${testkit}/` },
    to: { path: within(packages.filter((name) => !belowTestkit.includes(name))) },
  },
  {
    name: 'what-makes-plugins-imports-only-core',
    severity: 'error',
    from: { path: `^packages/${scaffold}/src/` },
    to: { path: within([...packages.filter((name) => name !== 'core'), testkit]) },
  },
  {
    name: 'experiments-imports-no-plugin-package',
    comment: 'It composes what the registry that it is given holds.',
    severity: 'error',
    from: { path: '^packages/experiments/', pathNot: '^packages/experiments/test/' },
    to: {
      path: within([
        'tensor',
        'tensor-openblas',
        'datasets',
        'gating',
        'architectures',
        'learning',
        'theory',
        'studies',
      ]),
    },
  },
  {
    name: 'portable-code-imports-no-node',
    comment: 'What needs Node lives in src/node/ and is published as the subpath ./node.',
    severity: 'error',
    from: { path: '^packages/[^/]+/src/', pathNot: forNode },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'portable-code-imports-no-node-part',
    severity: 'error',
    from: { path: '^packages/[^/]+/src/', pathNot: forNode },
    to: { path: '^packages/[^/]+/src/node/' },
  },
  {
    name: 'native-code-only-where-node-runs',
    comment: 'Portable packages are handed a backend; programs for Node choose the native one.',
    severity: 'error',
    from: { path: '^packages/', pathNot: '^packages/(?:cli|[^/]+-openblas|executor-slurm|[^/]+/test)/' },
    to: { path: '^packages/(?:linalg-openblas|executor-slurm)/|(^|/)koffi/' },
  },
  {
    name: 'tensorflow-only-where-tensors-are',
    severity: 'error',
    from: {
      path: '^(?:packages|examples)/',
      pathNot: within(['tensor', 'tensor-openblas', 'architectures', 'learning', testkit, scaffold]),
    },
    to: { path: tensorFlow },
  },
  {
    name: 'theory-reaches-no-tensors',
    comment: 'Whoever installs the theory alone has no TensorFlow.js in the tree, not even through another package.',
    severity: 'error',
    from: { path: '^packages/theory/src/' },
    to: { path: `${tensorFlow}|^packages/tensor/`, reachable: true },
  },
  {
    name: 'other-packages-by-name',
    comment: 'A path into the sources of another package is not what it publishes.',
    severity: 'error',
    from: { path: '^(packages|examples)/([^/]+)/' },
    to: { path: '^(?:packages|examples)/', pathNot: '^$1/$2/', dependencyTypes: ['local'] },
  },
  {
    name: 'no-circular-imports',
    severity: 'error',
    from: { path: '^(?:packages|examples)/' },
    to: { circular: true },
  },
  {
    name: 'every-import-is-found',
    comment: 'Rules say nothing about an import that leads nowhere.',
    severity: 'error',
    from: { path: '^(?:packages|examples)/' },
    to: { couldNotResolve: true },
  },
];

export default {
  forbidden: rules,
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(?:dist|test/data|assembly)/|^packages/cli/lab/' },
    // `import type` counts: a type of a higher floor is an import upwards too.
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@ggdln/source', 'import', 'types', 'node', 'default'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.mts', '.d.ts', '.mjs', '.js', '.json'],
    },
  },
};
