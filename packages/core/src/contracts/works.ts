import type { JsonObject } from '../json.ts';
import type { OnProgress } from '../progress.ts';
import type { LinalgBackend } from './linalg.ts';

/** A piece of work that needs no other. Plain JSON, so that it crosses processes. */
export interface ModuleWork {
  /** For people. */
  readonly name: string;
  readonly data: JsonObject;
}

/** What work besides points of experiments is computed with. */
export interface WorkContext {
  readonly linalg: LinalgBackend;
  /** Bytes that the work may take; work that knows it needs more refuses before it starts. Absent: no limit known. */
  readonly memoryLimit?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** Computes a piece of work from plain data, to data that can be cloned; the same numbers in every process. */
export type ComputeWork<Result> = (data: JsonObject, context: WorkContext) => Promise<Result>;

/** A function that other processes can find too: functions don't cross processes, names do. */
export interface ModuleFunction<Result> {
  /** URL of the module. */
  readonly module: string;
  /** Name of its export. */
  readonly name: string;
  /** The function itself. */
  readonly compute: ComputeWork<Result>;
}

/**
 * Computes works, as many at once as there are processes, and gives the results in the order of the works, each as soon as
 * it and those before it are there. Stopping the iteration ends what still computes.
 */
export type SpreadWorks = <Result>(
  works: readonly ModuleWork[],
  by: ModuleFunction<Result>,
) => AsyncGenerator<Result, void, void>;
