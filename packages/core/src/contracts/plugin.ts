import type { Json, JsonObject } from '../json.ts';
import type { OptionsSchema, OptionValues } from '../options.ts';
import type { Architecture } from './architecture.ts';
import type { RunContext } from './context.ts';
import type { Dataset } from './dataset.ts';
import type { Executor, ExecutorContext } from './executor.ts';
import type { Gating } from './gating.ts';
import type { Learner } from './learner.ts';
import type { LinalgBackend } from './linalg.ts';
import type { PanelEntry } from './panel.ts';
import type { LearnerRole, RoleNames, TheoryRole } from './sourceRole.ts';
import type { Study, StudyAxis, StudyMetric } from './study.ts';
import type { TensorBackend } from './tensor.ts';
import type { TheorySolver } from './theory.ts';

/**
 * Version of these contracts, by semantic versioning: what is added makes a minor version, what would break a plugin a
 * major one. A plugin of another major or of a newer minor version is refused with a message.
 */
export const CONTRACT_VERSION = '1.0.0';

/** What a paper or book says about an entry, e.g. `Li & Sompolinsky 2022, arXiv:2210.17449`. */
export type Reference = string;

interface EntryBase<Schema extends OptionsSchema> {
  /** For people, sentence case, e.g. `Random half-spaces`. */
  readonly title: string;
  /** One line. */
  readonly summary: string;
  readonly references?: readonly Reference[];
  /** Page and section that explain what it computes, e.g. `ggdln/2`. */
  readonly equation?: string;
  readonly options: Schema;
}

/** Why two parts don't fit, and what to change. */
export interface Incompatibility {
  readonly reason: string;
  readonly remedy: string;
}

/** What is known of a problem before it is made; compatibility is decided on it. */
export interface ProblemTraits {
  /** `Architecture.family`. */
  readonly family: string;
  /** Hidden layers L. */
  readonly depth: number;
  /** Targets C. */
  readonly outputs: number;
  readonly temperature: number;
  /** `Architecture.activation`; absent where that is. */
  readonly activation?: string;
}

/** What is known of a layer's gates before they are made. */
export interface GatingTraits {
  /** Name of the gating in the registry, e.g. `always-on`. */
  readonly gating: string;
}

/**
 * How near a theory should come to networks: `exact` at these very widths, `wide` up to corrections of order 1/N, or a
 * `heuristic`, whose error no width takes away.
 */
export type TheoryAccuracy = 'exact' | 'wide' | 'heuristic';

export interface DatasetEntry<Schema extends OptionsSchema = OptionsSchema> extends EntryBase<Schema> {
  create(options: OptionValues<Schema>, context: RunContext): Dataset | Promise<Dataset>;
}
export interface GatingEntry<Schema extends OptionsSchema = OptionsSchema> extends EntryBase<Schema> {
  create(options: OptionValues<Schema>): Gating;
}
export interface ArchitectureEntry<Schema extends OptionsSchema = OptionsSchema> extends EntryBase<Schema> {
  /** `undefined` when the network takes the gates of such a gating. Absent: it takes any. */
  supports?(traits: GatingTraits): Incompatibility | undefined;
  create(options: OptionValues<Schema>): Architecture;
}
export interface LearnerEntry<Schema extends OptionsSchema = OptionsSchema> extends EntryBase<Schema> {
  readonly role: LearnerRole;
  /** What figures call its results where all of its role are its own, e.g. `HMC ± 1 s.e.`; default: by the role's name. */
  readonly roleName?: string;
  /** `undefined` when the learner can train or sample such a problem. */
  supports(traits: ProblemTraits): Incompatibility | undefined;
  create(options: OptionValues<Schema>): Learner;
}
export interface TheoryEntry<Schema extends OptionsSchema = OptionsSchema> extends EntryBase<Schema> {
  readonly role: TheoryRole;
  /** Default `wide`. */
  readonly accuracy?: TheoryAccuracy;
  /** `undefined` when the theory solves such a problem. */
  supports(traits: ProblemTraits): Incompatibility | undefined;
  create(options: OptionValues<Schema>): TheorySolver;
}
export interface LinalgEntry<Schema extends OptionsSchema = OptionsSchema> extends EntryBase<Schema> {
  /** @throws GGDLN_BACKEND when it can't run here; the message says why and how to get it. */
  create(options: OptionValues<Schema>): LinalgBackend | Promise<LinalgBackend>;
}
export interface TensorEntry<Schema extends OptionsSchema = OptionsSchema> extends EntryBase<Schema> {
  /**
   * Starts the backend and makes it the active one of this process: tensors made before belong to another.
   * @throws GGDLN_BACKEND when it can't run here; the message says why and how to get it.
   */
  create(options: OptionValues<Schema>): TensorBackend | Promise<TensorBackend>;
}

/** A system that runs its own theory and simulation; see `Study`. */
export interface StudyEntry<Schema extends OptionsSchema = OptionsSchema> extends EntryBase<Schema> {
  readonly axis: StudyAxis;
  readonly metrics: readonly StudyMetric[];
  /** Column of settings that each frame compares, if it does. */
  readonly groupBy?: string;
  /** What figures call roles, where not by their own names, e.g. `{ 'exact-sampling': 'HMC ± 1 s.e.' }`. */
  readonly roleNames?: RoleNames;
  create(options: OptionValues<Schema>): Study;
}
export interface ExecutorEntry<Schema extends OptionsSchema = OptionsSchema> extends EntryBase<Schema> {
  /** @throws GGDLN_BACKEND when it can't run here (no such scheduler, …); the message says why and what would do. */
  create(options: OptionValues<Schema>, context: ExecutorContext): Executor | Promise<Executor>;
  /** What it would start or submit, for people, e.g. the script of a batch job. Starts nothing. */
  preview?(options: OptionValues<Schema>, context: ExecutorContext): string;
}

/** Computes one case of a fixture file: `params` and `inputs` as stored there, result with the keys of `expected`. */
export type ConformanceCase = (
  data: { readonly params: JsonObject; readonly inputs: JsonObject },
  context: RunContext,
) => Promise<{ readonly [key: string]: Json }>;

/** A bundle of named entries of any kinds. Plain data: nothing happens on import. */
export interface Plugin {
  readonly name: string;
  /** Contract version it was written for, e.g. `1.0.0`; a literal, so that it stays true when ggdln goes on. */
  readonly contract: string;
  readonly dataset?: Readonly<Record<string, DatasetEntry>>;
  readonly gating?: Readonly<Record<string, GatingEntry>>;
  readonly architecture?: Readonly<Record<string, ArchitectureEntry>>;
  readonly learner?: Readonly<Record<string, LearnerEntry>>;
  readonly theory?: Readonly<Record<string, TheoryEntry>>;
  readonly linalg?: Readonly<Record<string, LinalgEntry>>;
  readonly tensor?: Readonly<Record<string, TensorEntry>>;
  readonly executor?: Readonly<Record<string, ExecutorEntry>>;
  readonly study?: Readonly<Record<string, StudyEntry>>;
  /** Pictures of the lab; they have no options, so they are not entries of a registry. */
  readonly panel?: Readonly<Record<string, PanelEntry>>;
  /** By the `compute` field of a fixture case, e.g. `ggdln.saddle`. */
  readonly conformance?: Readonly<Record<string, ConformanceCase>>;
}

/** The kinds of entries, in the order in which an experiment composes them. */
export const PLUGIN_KINDS = [
  'dataset',
  'gating',
  'architecture',
  'learner',
  'theory',
  'linalg',
  'tensor',
  'executor',
  'study',
] as const;
export type PluginKind = (typeof PLUGIN_KINDS)[number];
/** The entry type of a kind. */
export type EntryOf<Kind extends PluginKind> = NonNullable<Plugin[Kind]>[string];

/** Identity functions that give `create` the option types of its schema. */
export function defineDataset<const Schema extends OptionsSchema>(entry: DatasetEntry<Schema>): DatasetEntry {
  return entry as unknown as DatasetEntry;
}
export function defineGating<const Schema extends OptionsSchema>(entry: GatingEntry<Schema>): GatingEntry {
  return entry as unknown as GatingEntry;
}
export function defineArchitecture<const Schema extends OptionsSchema>(
  entry: ArchitectureEntry<Schema>,
): ArchitectureEntry {
  return entry as unknown as ArchitectureEntry;
}
export function defineLearner<const Schema extends OptionsSchema>(entry: LearnerEntry<Schema>): LearnerEntry {
  return entry as unknown as LearnerEntry;
}
export function defineTheory<const Schema extends OptionsSchema>(entry: TheoryEntry<Schema>): TheoryEntry {
  return entry as unknown as TheoryEntry;
}
export function defineLinalg<const Schema extends OptionsSchema>(entry: LinalgEntry<Schema>): LinalgEntry {
  return entry as unknown as LinalgEntry;
}
export function defineExecutor<const Schema extends OptionsSchema>(entry: ExecutorEntry<Schema>): ExecutorEntry {
  return entry as unknown as ExecutorEntry;
}
export function defineStudy<const Schema extends OptionsSchema>(entry: StudyEntry<Schema>): StudyEntry {
  return entry as unknown as StudyEntry;
}
export function defineTensor<const Schema extends OptionsSchema>(entry: TensorEntry<Schema>): TensorEntry {
  return entry as unknown as TensorEntry;
}
