import type { LinalgBackend, Matrix } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { createAndersonMixing } from './anderson.ts';
import { spectralMap } from './chain.ts';
import type { State } from './evaluate.ts';
import { monotoneStep } from './mm.ts';
import type { PreparedGgdln } from './prepare.ts';
import { createQuasiNewton } from './quasiNewton.ts';
import type { Secant } from './secants.ts';
import type { Proposals } from './stepProposals.ts';
import type { GgdlnSetting } from './types.ts';

/** BFGS in log U for one hidden layer, Anderson mixing of the fixed point for more. @param secants Read and changed. */
export function createProposals(prepared: PreparedGgdln, setting: GgdlnSetting, secants: Secant[]): Proposals {
  return setting.widths.length === 1
    ? createQuasiNewton(prepared, setting, secants)
    : createMixedSteps(prepared, setting);
}

/** Anderson mixing of the fixed-point steps on the matrix logarithms of all layers (section 5). */
function createMixedSteps(prepared: PreparedGgdln, setting: GgdlnSetting): Proposals {
  const { linalg } = prepared;
  const mixing = createAndersonMixing(linalg);
  let mixed: { readonly state: State; readonly logs: Float64Array } | undefined;
  return {
    next: (evaluation) => {
      const { state } = evaluation;
      const logs = mixed?.state === state ? mixed.logs : logarithms(state, linalg);
      const image = logarithms(monotoneStep(prepared, setting, evaluation), linalg);
      const next = mixing.next(logs, image);
      if (next === image) return undefined;
      mixed = { state: exponentials(next, state, linalg), logs: next };
      return mixed.state;
    },
    refused: mixing.reset,
  };
}

/** The matrix logarithms, one after the other. */
function logarithms(state: State, linalg: LinalgBackend): Float64Array {
  const logs = state.map((u) => spectralMap(u, (value) => Math.log(Math.max(value, Number.MIN_VALUE)), linalg).data);
  const out = new Float64Array(logs.reduce((sum, log) => sum + log.length, 0));
  let at = 0;
  for (const log of logs) {
    out.set(log, at);
    at += log.length;
  }
  return out;
}

/** The state with these logarithms. @param like A state of the same shapes. */
function exponentials(logs: Float64Array, like: State, linalg: LinalgBackend): State {
  let at = 0;
  return like.map((u): Matrix => {
    const log = matrix(u.rows, u.cols, logs.slice(at, at + u.data.length));
    at += u.data.length;
    // Far extrapolations must stay finite to be judged; they are far above in S.
    return spectralMap(log, (value) => Math.exp(Math.min(300, Math.max(-300, value))), linalg);
  });
}
