import { createPacer, type LinalgBackend, type OnProgress, type RandomStream, throwIfCancelled } from '@ggdln/core';
import { createKeeper, type KPathCheckpoints } from './checkpoints.ts';
import { type KPathOptions, openCourse } from './run.ts';
import type { KPathEpoch } from './score.ts';
import type { KPathState } from './state.ts';
import type { KPathTask } from './task.ts';

const where = '@ggdln/learning learnKPath';

export interface KPathRun {
  readonly state: KPathState;
  readonly scores: readonly KPathEpoch[];
}

/** What a run works with. */
export interface KPathContext {
  readonly linalg: LinalgBackend;
  readonly rng: RandomStream;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  readonly onScore?: (score: KPathEpoch) => void;
  /** Goes on from the newest state of its store. */
  readonly checkpoints?: KPathCheckpoints;
  /** Goes on from this state. */
  readonly from?: KPathState;
}

/**
 * Trains a k-path network in float32: an encoder for each input domain, a shared hidden block, a decoder for each output
 * domain, on the pairs that the gate selects, by mini-batches. A run that goes on from a state, also one from the middle
 * of an epoch, gives the same bits and the same scores as one that was never interrupted; a run that is cancelled leaves
 * its state. Saxe, Sodhani and Lewallen 2022, arXiv:2207.10430; theory page gdln, section 6.
 * @throws GGDLN_INPUT naming what doesn't fit; GGDLN_NUMERICAL for a rate beyond the stability limit, with the limit;
 * GGDLN_CANCELLED.
 */
export async function learnKPath(task: KPathTask, options: KPathOptions, context: KPathContext): Promise<KPathRun> {
  const { linalg, rng, signal, onProgress, onScore, checkpoints, from } = context;
  const { epochs, scoreEvery = 1, stopBelow = 0 } = options;
  const keeper = createKeeper(checkpoints);
  const stored = from ?? (await keeper.newest());
  const course = openCourse(task, options, { linalg, rng, ...(stored ? { stored } : {}) });
  const scores = [...(stored?.scores ?? [])];
  const state = () => course.state(scores);
  const pace = createPacer();
  const score = async (loss: number | null): Promise<void> => {
    const epoch = course.epoch();
    const result = { epoch, loss, train: await course.score('train', pace), test: await course.score('test', pace) };
    scores.push(result);
    onScore?.(result);
  };
  const finished = (): boolean => course.epoch() >= epochs || isBelow(scores.at(-1), course.epoch(), stopBelow);
  if (course.steps() === 0 && scores.length === 0) await score(null);
  const total = epochs * course.stepsPerEpoch;
  while (!finished()) {
    if (signal?.aborted) await keeper.stop(state);
    throwIfCancelled(signal, where);
    course.step();
    const done = course.steps();
    onProgress?.({ stage: 'learning', done, total, unit: 'steps' });
    await pace();
    if (done % course.stepsPerEpoch !== 0) {
      await keeper.afterStep(done, state);
      continue;
    }
    const epoch = course.epoch();
    if (epoch >= epochs || epoch % scoreEvery === 0) await score(course.meanLoss());
    await keeper.afterEpoch(epoch, state, finished());
  }
  if (course.epoch() > (scores.at(-1)?.epoch ?? -1)) await score(course.meanLoss());
  return { state: state(), scores };
}

function isBelow(last: KPathEpoch | undefined, epoch: number, bound: number): boolean {
  if (last?.epoch !== epoch || last.loss === null) return false;
  return last.train.selectedLoss !== null && last.train.selectedLoss < bound;
}
