import type { Warning } from '@ggdln/core';
import type { PlannedPoint } from '../plan/planPoints.ts';
import type { PointTask } from './executor.ts';
import type { SweepLines } from './sweepLines.ts';

/** A point whose tasks are under way. */
export interface Work {
  readonly point: PlannedPoint;
  readonly tasks: readonly PointTask[];
  readonly results: unknown[];
  /** Of each task, in the order of tasks: what is stored must not depend on which was first. */
  readonly warnings: readonly Warning[][];
  started: number;
  /** Seconds that its tasks took, one after the other. */
  seconds: number;
  left: number;
  failed: boolean;
}

/** A task of a point under way. */
interface Part {
  readonly work: Work;
  readonly index: number;
}

/** Tasks that can be computed now, in their order, and points that wait for the one before them in their line. */
export class WorkQueue {
  readonly #ready: Part[] = [];
  /** Points that go on from the solution of the one with this id. */
  readonly #waiting = new Map<string, Work[]>();

  constructor(works: readonly Work[], lines: SweepLines) {
    const ids = new Set(works.map(({ point }) => point.id));
    for (const work of works) {
      // Of those before it, the last one that is computed in this run has waited for the others.
      const before = lines.get(work.point.id)?.findLast(({ id }) => ids.has(id));
      if (before) this.#waiting.set(before.id, [...(this.#waiting.get(before.id) ?? []), work]);
      else this.#ready.push(...partsOf(work));
    }
  }

  /** Tasks that can be computed now. */
  get length(): number {
    return this.#ready.length;
  }

  take(): Part | undefined {
    return this.#ready.shift();
  }

  /** Lets those go on that waited for a point, which has ended, before all others. */
  release({ point }: Work): void {
    this.#ready.unshift(...(this.#waiting.get(point.id) ?? []).flatMap(partsOf));
    this.#waiting.delete(point.id);
  }
}

const partsOf = (work: Work): Part[] => work.tasks.map((_, index) => ({ work, index }));
