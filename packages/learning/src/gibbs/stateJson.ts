import { inputError, type Json, type JsonObject, type RandomState } from '@ggdln/core';
import type { GibbsState } from './sampler.ts';

/** A state as plain JSON. Numbers survive it exactly. */
export function gibbsStateToJson(state: GibbsState): JsonObject {
  const parameters = Object.fromEntries(Object.entries(state.parameters).map(([name, w]) => [name, Array.from(w)]));
  return { sweeps: state.sweeps, random: { ...state.random }, parameters };
}

/** The state that `gibbsStateToJson` gave. @throws GGDLN_INPUT for anything else. */
export function gibbsStateFromJson(json: JsonObject): GibbsState {
  const { sweeps, random, parameters } = json;
  if (typeof sweeps !== 'number' || !isObject(random) || !isObject(parameters)) throw notAState();
  const weights = Object.entries(parameters).map(([name, values]) => {
    if (!Array.isArray(values) || !values.every((w) => typeof w === 'number')) throw notAState();
    return [name, Float64Array.from(values as number[])] as const;
  });
  return { sweeps, random: random as unknown as RandomState, parameters: Object.fromEntries(weights) };
}

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function notAState(): Error {
  return inputError(
    '@ggdln/learning gibbsStateFromJson',
    'this is no stored chain',
    'Give what gibbsStateToJson returned',
  );
}
