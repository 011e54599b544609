import { inputError, type JsonObject } from '@ggdln/core';
import type { OnlineState } from './online.ts';

/** A state as plain JSON. Numbers survive it exactly. */
export function onlineStateToJson({ steps, weights }: OnlineState): JsonObject {
  return {
    steps,
    weights: Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, Array.from(values)])),
  };
}

/** The state that `onlineStateToJson` gave. @throws GGDLN_INPUT for anything else. */
export function onlineStateFromJson(json: JsonObject): OnlineState {
  const where = '@ggdln/learning onlineStateFromJson';
  const { steps, weights } = json;
  if (weights === null || typeof weights !== 'object' || Array.isArray(weights)) {
    throw inputError(where, 'there are no weights', 'Give what onlineStateToJson returned');
  }
  const entries = Object.entries(weights).map(([name, values]) => {
    if (!Array.isArray(values) || !values.every((weight) => typeof weight === 'number')) {
      throw inputError(where, `the weights ${name} are no list of numbers`, 'Give what onlineStateToJson returned');
    }
    return [name, Float64Array.from(values as number[])] as const;
  });
  const state = { steps: steps as number, weights: Object.fromEntries(entries) };
  requireOnlineState(state, where);
  return state;
}

/** @throws GGDLN_INPUT unless `steps` is a count. */
export function requireOnlineState({ steps }: OnlineState, where: string): void {
  if (!Number.isSafeInteger(steps) || steps < 0) {
    throw inputError(where, `the state has steps = ${steps}`, 'Give what init, learnOnline or state() returned');
  }
}
