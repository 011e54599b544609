import { GgdlnError } from '@ggdln/core';
import * as tf from '@tensorflow/tfjs-core';

const REMEDY =
  'Install one version: `npm ls @tensorflow/tfjs-core` shows where each copy comes from; align the versions or ' +
  'deduplicate (npm dedupe, `overrides`, or `resolve.dedupe` of the bundler)';

/**
 * Checks that all of TensorFlow.js in this process is one copy. Two copies share one engine but not their classes
 * and settings: tensors of one then fail in the other, in places far from the cause.
 * @param core The copy to check, by default the one that ggdln uses. @throws GGDLN_BACKEND when there are two.
 */
export function assertOneTfjsCore(core: typeof tf = tf): void {
  const { backendName } = core.engine();
  if (backendName === undefined) return;
  if (!(core.backend() instanceof core.KernelBackend)) throw twoCopies(`the backend ${backendName}`, core);
  const probe = core.scalar(0);
  const same = probe.constructor === core.Tensor;
  probe.dispose();
  if (!same) throw twoCopies('the engine', core);
}

function twoCopies(other: string, core: typeof tf): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_BACKEND',
    where: '@ggdln/tensor',
    problem: `two copies of @tensorflow/tfjs-core are loaded: ${other} belongs to another one than the ${core.version_core} that ggdln imports`,
    remedy: REMEDY,
  });
}
