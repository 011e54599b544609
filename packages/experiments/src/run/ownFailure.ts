import { type ErrorCode, GgdlnError, isGgdlnError } from '@ggdln/core';
import type { PlannedPoint } from '../plan/planPoints.ts';

/** What is the fault of a point, not of the experiment: the others go on. */
const OWN: readonly ErrorCode[] = ['GGDLN_NOT_CONVERGED', 'GGDLN_NUMERICAL', 'GGDLN_WORKER'];
/** What no point is to blame for: the next one would meet it too, and it goes away without the point being changed. */
const COMMON: readonly ErrorCode[] = ['GGDLN_CANCELLED', 'GGDLN_STORAGE', 'GGDLN_BACKEND', 'GGDLN_DATA'];

/**
 * The failure of a point that an error is; `undefined` for an error that ends the whole run.
 * @param keepGoing Whatever can be a point's own fault is, defects of plugins among it.
 */
export function ownFailure(error: unknown, { source }: PlannedPoint, keepGoing = false): GgdlnError | undefined {
  if (isGgdlnError(error))
    return (keepGoing ? !COMMON.includes(error.code) : OWN.includes(error.code)) ? error : undefined;
  if (!keepGoing) return undefined;
  const problem = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new GgdlnError({
    code: 'GGDLN_DEFECT',
    where: source,
    problem,
    remedy: 'This is a defect of a plugin or of ggdln, or memory ran out; run this point alone to see where',
    cause: error,
  });
}
