import type { Registry } from '@ggdln/core';
import { ASKED, networksOf, type Probe, probe, type Source, sourcesOf } from './probe.ts';

const ROLES: Readonly<Record<string, string>> = {
  theory: 'theory',
  'infinite-width': 'theory, infinite width',
  'exact-sampling': 'exact sampling',
  langevin: 'sampling by gradients',
  'gradient-descent': 'training',
  online: 'online learning',
};

/** What a dimension of the problem is called, with its values. */
const DIMENSIONS = [
  { of: ({ traits }: Probe) => (traits.outputs > 1 ? 'C > 1' : 'C = 1'), all: 2 },
  { of: ({ traits }: Probe) => (traits.temperature > 0 ? 'T > 0' : 'T = 0'), all: 2 },
  { of: ({ traits }: Probe) => `L = ${traits.depth}`, all: ASKED.depths.length },
] as const;

/** The page that says which theory and which learner takes which networks, as their own `supports` says. */
export function supportPage(registry: Registry): string {
  const probes = probe(registry);
  const networks = networksOf(registry);
  const rows = sourcesOf(registry).map((source) => [
    `\`${source.name}\``,
    whatIs(source.entry),
    ...networks.map(({ title }) =>
      cell(probes.filter((item) => item.source.name === source.name && item.network.title === title)),
    ),
  ]);
  const header = ['name', 'what', ...networks.map(({ title }) => title)];
  return `# Who solves what

Theories and learners beside the architectures (and activations) that they take. \`✓\` means any number of outputs C,
any temperature T ≥ 0 and any depth L that the architecture has; otherwise the cell says what they need, and \`–\` that
they don't take such networks. This page is made from what each says of itself; \`npm run support\` makes it anew, and a
test fails when it is out of date.

${table(header, rows)}

Widths may differ from layer to layer. Gates may differ from layer to layer in \`ggdln\`: give \`gating\` a list.

## Why not

What an unsupported combination is refused with, before anything is computed:

${reasons(probes)}
`;
}

/** Learners whose results figures call by another name than their role's are named by their title. */
const whatIs = (entry: Source['entry']): string =>
  'roleName' in entry && entry.roleName !== undefined ? entry.title : ROLES[entry.role];

/** What a source says of one kind of network in few words. */
function cell(probes: readonly Probe[]): string {
  const taken = probes.filter(({ refused }) => !refused);
  if (taken.length === probes.length) return '✓';
  if (taken.length === 0) return '–';
  const limits = DIMENSIONS.map(({ of }) => {
    const [some, every] = [taken, probes].map((list) => [...new Set(list.map(of))]);
    return some.length === every.length ? undefined : some.join(' or ');
  }).filter((limit) => limit !== undefined);
  const within = probes.filter((item) => DIMENSIONS.every(({ of }) => taken.some((other) => of(other) === of(item))));
  if (within.length !== taken.length) {
    throw new Error(`${probes[0].source.name} on ${probes[0].network.title} can't be said in a table cell`);
  }
  return limits.join(', ');
}

/** One item a source and reason, with the networks that it is about. */
function reasons(probes: readonly Probe[]): string {
  const found = new Map<string, { source: Source; reason: string; remedy: string; networks: Set<string> }>();
  for (const { source, network, refused } of probes) {
    if (!refused) continue;
    const key = [source.kind, source.name, refused.reason, refused.remedy].join('\n');
    const item = found.get(key) ?? { source, ...refused, networks: new Set<string>() };
    item.networks.add(network.title);
    found.set(key, item);
  }
  const items = [...found.values()];
  const names = [...new Set(items.map(({ source }) => source.name))];
  const lines = (name: string) =>
    items
      .filter(({ source }) => source.name === name)
      .map(({ networks, reason, remedy }) => `- ${[...networks].join(', ')}: ${reason}. ${remedy}.`);
  return names.map((name) => `### \`${name}\`\n\n${lines(name).join('\n')}`).join('\n\n');
}

/** A Markdown table with aligned columns. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const clean = [header, ...rows].map((row) => row.map((text) => text.replaceAll('|', '\\|')));
  const widths = header.map((_, column) => Math.max(...clean.map((row) => [...row[column]].length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((text, column) => text + ' '.repeat(widths[column] - [...text].length)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(clean[0]), rule, ...clean.slice(1).map(line)].join('\n');
}
