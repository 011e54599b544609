import type {
  Architecture,
  Incompatibility,
  LearnerEntry,
  OptionsSchema,
  ProblemTraits,
  Registry,
  TheoryEntry,
} from '@ggdln/core';
import { resolveOptions } from '@ggdln/core';

/** A kind of network: an architecture with its activation. */
export interface Network {
  /** e.g. `mlp (relu)`. */
  readonly title: string;
  readonly architecture: string;
  readonly activation?: string;
  /** Depths that it can have among those that are asked about. */
  readonly depths: readonly number[];
  create(depth: number): Architecture;
}

/** A theory or a learner. */
export interface Source {
  readonly kind: 'theory' | 'learner';
  readonly name: string;
  readonly entry: TheoryEntry | LearnerEntry;
}

/** What was asked about one problem, and the answer. */
export interface Probe {
  readonly source: Source;
  readonly network: Network;
  readonly traits: ProblemTraits;
  readonly refused: Incompatibility | undefined;
}

/** One and several outputs, zero and positive temperature, one and several hidden layers. */
export const ASKED = { outputs: [1, 3], temperatures: [0, 0.1], depths: [1, 3] } as const;

/** Every architecture of the registry, once an activation where it has the choice. */
export function networksOf(registry: Registry): Network[] {
  return registry.list('architecture').flatMap(({ name, entry }) => {
    const schema: OptionsSchema = entry.options;
    const option = schema.activation;
    const activations = option?.type === 'choice' ? option.values : [undefined];
    return activations.map((activation) => ({
      title: activation === undefined ? name : `${name} (${activation})`,
      architecture: name,
      ...(activation === undefined ? {} : { activation }),
      depths: 'depth' in schema ? ASKED.depths : [1],
      create: (depth: number) =>
        entry.create(
          resolveOptions(
            schema,
            {
              ...('depth' in schema ? { depth } : {}),
              ...('width' in schema ? { width: 12 } : {}),
              ...(activation === undefined ? {} : { activation }),
            },
            name,
          ),
        ),
    }));
  });
}

/** Theories, then learners, as the registry lists them. */
export function sourcesOf(registry: Registry): Source[] {
  return (['theory', 'learner'] as const).flatMap((kind) =>
    registry.list(kind).map(({ name, entry }) => ({ kind, name, entry })),
  );
}

/** Asks every theory and learner about every kind of problem. */
export function probe(registry: Registry): Probe[] {
  const probes: Probe[] = [];
  for (const source of sourcesOf(registry)) {
    for (const network of networksOf(registry)) {
      for (const depth of network.depths) {
        const { family, activation } = network.create(depth);
        for (const outputs of ASKED.outputs) {
          for (const temperature of ASKED.temperatures) {
            const traits = { family, depth, outputs, temperature, ...(activation ? { activation } : {}) };
            probes.push({ source, network, traits, refused: source.entry.supports(traits) });
          }
        }
      }
    }
  }
  return probes;
}
