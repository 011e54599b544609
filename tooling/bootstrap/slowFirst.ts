import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest, so that none of them is left alone at the end, with a core that waits. */
const SLOW = [
  'lab/test/browser/galleryExperiments',
  'cli/test/run.package',
  'lab/test/browser/lab.package',
  'learning/test/gibbs.test',
  'cli/test/sweepFaults',
  'lab/test/browser/galleryStudies',
  'theory/test/ndk/fixtures',
  'create-plugin/test/build.package',
  'docs/test/commands',
  'cli/test/sweep.package',
  'cli/test/badInput',
  'learning/test/hmc/hmc.test',
  'lab/test/browser/ownPlugin',
  'cli/test/reproduce',
  'fuzz/test/fuzz.test',
] as const;

/** Runs slow files first, others in the order of vitest. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = SLOW.findIndex((part) => moduleId.includes(part));
      return at < 0 ? SLOW.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
