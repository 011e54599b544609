import type { RandomStream } from '../random.ts';
import type { ProductCache } from './architecture.ts';
import type { Neighbour } from './neighbour.ts';
import type { TensorBackend } from './tensor.ts';
import type { SpreadWorks, WorkContext } from './works.ts';

/** Something a user should know that doesn't stop the computation, e.g. `N < M: outside the theory`. */
export interface Warning {
  /** Stable, kebab-case, e.g. `width-below-gates`. */
  readonly code: string;
  /** One or two sentences with the numbers. */
  readonly message: string;
}

/** Where datasets get the bytes of their files from: a cache folder, a web server, memory. */
export interface FileSource {
  /**
   * The whole file. @param dataset e.g. `mnist`. @param file e.g. `train-images-idx3-ubyte`.
   * @throws GGDLN_DATA if it can't be had; the message says how to get it.
   */
  read(dataset: string, file: string, signal?: AbortSignal): Promise<Uint8Array>;
}

/** What every plugin's work is given. Nothing of it is global. */
export interface RunContext extends WorkContext {
  /** The part's own stream; the experiment hands each part a differently named one. */
  readonly rng: RandomStream;
  readonly files?: FileSource;
  /**
   * Starts the tensor backend that was asked for and makes it the active one of the process: called by learners before
   * they make tensors. Absent: the active one, else the portable one.
   * @throws GGDLN_BACKEND when it can't run here.
   */
  readonly tensor?: () => TensorBackend | Promise<TensorBackend>;
  readonly onWarning?: (warning: Warning) => void;
  /**
   * Asked by learners after every step: is a snapshot wanted now, besides those that they show by themselves? The answer
   * changes no number.
   */
  readonly wantsSnapshot?: () => boolean;
  /**
   * Solutions of the same problem at other widths, the nearest last, for theories that say `startsFromNeighbours`. Where
   * they are, the result differs by no more than the tolerance of the solve.
   */
  readonly neighbours?: readonly Neighbour[];
  /**
   * What a theory may keep from one point to the next, by name, with the arrays it was made from (such as kernels of the
   * training inputs). Emptied before another theory or a learner computes in this process.
   */
  readonly kept?: ProductCache;
  /** Computes pieces of the work by other processes; absent: there are none. The numbers don't depend on it. */
  readonly spreadWorks?: SpreadWorks;
}
