import type { TemplateKind } from './kinds.ts';

/** What a user does next, as commands with what each is for. */
export function nextSteps(kind: TemplateKind, entry: string): readonly (readonly [command: string, does: string])[] {
  return [
    ['npm install', 'fetches TypeScript and ggdln'],
    ['npm test', 'builds, type-checks and runs the contract suite'],
    ['npx ggdln plugins test .', 'the same checks from the command line, one line each'],
    ...useOf(kind, entry),
    ['npm pack', 'makes the package that npm publish would publish'],
  ];
}

function useOf(kind: TemplateKind, entry: string): readonly (readonly [string, string])[] {
  switch (kind) {
    case 'tensor':
    case 'study':
      return [[`npx ggdln plugins list ${kind} ${entry} --plugin .`, 'shows its options']];
    case 'panel':
      return [['npx ggdln lab', 'shows it: choose dist/index.js under Own plugin']];
    case 'executor':
      return [[`npx ggdln run --plugin . --executor ${entry}`, 'computes a quick look with it']];
    default:
      return [['npx ggdln run experiment.yaml', 'uses it in an experiment, with figure and tables']];
  }
}

/** The README of a new plugin. */
export function readme(kind: TemplateKind, name: string, entry: string): string {
  const steps = nextSteps(kind, entry);
  const width = Math.max(...steps.map(([command]) => command.length));
  return `# ${name}

A ${kind} for [ggdln](https://github.com/ggdln/ggdln).

\`\`\`
${steps.map(([command, does]) => `${command.padEnd(width)}   # ${does}`).join('\n')}
\`\`\`

- \`src/index.ts\` exports the plugin by the name \`plugin\`. It is plain data: nothing happens on import.
- \`contract\` is the version of ggdln's contract that it was written for. ggdln takes it as long as its own contract has
  the same major version and is no older; the package range of \`@ggdln/core\` in \`package.json\` says the same to npm.
- Options are declared, not parsed: ranges, defaults and help appear in \`--help\`, in experiment files and in forms.
- Everything random comes from \`context.rng\`, so that a seed repeats a run. Bad input is an error that says what was
  received and what would be right; it never becomes NaN.
- \`test/contract.test.js\` holds the plugin to its contract. Add what only you can know: properties, limits, identities.

To use it elsewhere, install it beside ggdln and name it: \`ggdln run --plugin ${name}\`, or \`plugins: [${name}]\` in an
experiment file.
`;
}
