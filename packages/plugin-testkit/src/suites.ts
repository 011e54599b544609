import type {
  ArchitectureEntry,
  DatasetEntry,
  ExecutorEntry,
  GatingEntry,
  LearnerEntry,
  PanelEntry,
  StudyEntry,
  TensorEntry,
  TheoryEntry,
} from '@ggdln/core';
import { describe, it } from 'vitest';
import type { Check } from './check.ts';
import { checkArchitecture } from './checkArchitecture.ts';
import { checkDataset, type DatasetSetup } from './checkDataset.ts';
import { checkExecutor, type ExecutorSetup } from './checkExecutor.ts';
import { checkGating, type GatingSetup } from './checkGating.ts';
import { checkLearner, type LearnerSetup } from './checkLearner.ts';
import { checkPanel, type PanelSetup } from './checkPanel.ts';
import { checkStudy, type StudySetup } from './checkStudy.ts';
import { checkTensor, type TensorSetup } from './checkTensor.ts';
import { checkTheory, type TheorySetup } from './checkTheory.ts';
import type { ArchitectureSetup } from './sampleNetwork.ts';

/** Runs the contract of a gating under vitest. @param name The entry's name in its plugin. */
export function testGating(name: string, entry: GatingEntry, setup?: GatingSetup): void {
  suite(`gating ${name}`, checkGating(entry, setup));
}

/** Runs the contract of a dataset under vitest. */
export function testDataset(name: string, entry: DatasetEntry, setup?: DatasetSetup): void {
  suite(`dataset ${name}`, checkDataset(entry, setup));
}

/** Runs the contract of an executor under vitest, on a few tasks of a program of its own. */
export function testExecutor(name: string, entry: ExecutorEntry, setup: ExecutorSetup): void {
  suite(`executor ${name}`, checkExecutor(entry, setup));
}

/** Runs the contract of an architecture under vitest: forward pass, and conditionals if it has them. */
export function testArchitecture(name: string, entry: ArchitectureEntry, setup?: ArchitectureSetup): void {
  suite(`architecture ${name}`, checkArchitecture(entry, setup));
}

/** Runs the contract of a learner under vitest, on a problem such as `sampleProblem(architecture)`. */
export function testLearner(name: string, entry: LearnerEntry, setup: LearnerSetup): void {
  suite(`learner ${name}`, checkLearner(entry, setup));
}

/** Runs the contract of a theory under vitest, on a problem such as `sampleProblem(architecture)`. */
export function testTheory(name: string, entry: TheoryEntry, setup: TheorySetup): void {
  suite(`theory ${name}`, checkTheory(entry, setup));
}

/** Runs the contract of a tensor backend under vitest; needs `@tensorflow/tfjs-core` beside it. */
export function testTensor(name: string, entry: TensorEntry, setup?: TensorSetup): void {
  suite(`tensors ${name}`, checkTensor(entry, setup));
}

/** Runs the contract of a study under vitest. */
export function testStudy(name: string, entry: StudyEntry, setup?: StudySetup): void {
  suite(`study ${name}`, checkStudy(entry, setup));
}

/** Runs the contract of a panel of the lab under vitest, in the document that is given. */
export function testPanel(name: string, entry: PanelEntry, setup: PanelSetup): void {
  suite(`panel ${name}`, checkPanel(entry, setup));
}

function suite(title: string, checks: readonly Check[]): void {
  describe(title, () => {
    for (const { name, run } of checks) it(name, run);
  });
}
