import type { TemplateKind } from './kinds.ts';

const PARTS = {
  dataset: 'dataset: { use: noisy-teacher }',
  gating: 'gating: { use: half-spaces, gates: 3 }',
  architecture: 'architecture: { use: ggdln }',
  learners: 'learners: [{ use: block-gibbs, sweeps: 400 }]',
  theories: 'theories: [{ use: ggdln }, { use: infinite-width }]',
  sweep: 'sweep: { architecture.width: [10, 30, 100] }',
} as const;

/** What takes the place of the built-in parts; kinds that are no part of an experiment file have none. */
function ownParts(
  kind: TemplateKind,
  entry: string,
): Partial<Record<keyof typeof PARTS | 'linalg', string>> | undefined {
  switch (kind) {
    case 'dataset':
      return { dataset: `dataset: { use: ${entry} }` };
    case 'gating':
      return { gating: `gating: { use: ${entry} }` };
    case 'architecture':
      return {
        architecture: `architecture: { use: ${entry} }`,
        theories: '',
        sweep: 'sweep: { architecture.sigma: [0.5, 1, 2] }',
      };
    case 'learner':
      return {
        learners: `learners: [{ use: block-gibbs, sweeps: 400 }, { use: ${entry} }]`,
        sweep: 'sweep: { architecture.width: [3, 10] }',
      };
    case 'theory':
      return { theories: `theories: [{ use: ggdln }, { use: ${entry} }]` };
    case 'linalg':
      return { linalg: `linalg: ${entry}` };
    default:
      return undefined;
  }
}

/** A small experiment with the new entry in it, for `ggdln run experiment.yaml`; `undefined` for kinds without one. */
export function experiment(kind: TemplateKind, entry: string): string | undefined {
  const own = ownParts(kind, entry);
  if (own === undefined) return undefined;
  const lines = Object.values({ ...PARTS, ...own }).filter((line) => line !== '');
  return [
    `# npx ggdln run experiment.yaml`,
    'ggdln: 1',
    `name: ${entry}`,
    'plugins: [.]',
    'seed: 1',
    'temperature: 0.05',
    ...lines,
    '',
  ].join('\n');
}
