import { inputError, type Json, type JsonObject, type Parameters, type RandomState } from '@ggdln/core';
import type { GibbsState } from './sampler.ts';

/** A state as plain JSON. Numbers survive it exactly. */
export function gibbsStateToJson(state: GibbsState): JsonObject {
  return { sweeps: state.sweeps, random: { ...state.random }, parameters: parametersToJson(state.parameters) };
}

/** The state that `gibbsStateToJson` gave. @throws GGDLN_INPUT for anything else. */
export function gibbsStateFromJson(json: JsonObject): GibbsState {
  const { sweeps, random, parameters } = json;
  const weights = parametersFromJson(parameters);
  if (typeof sweeps !== 'number' || !isObject(random) || !weights) {
    throw inputError(
      '@ggdln/learning gibbsStateFromJson',
      'this is no stored chain',
      'Give what gibbsStateToJson returned',
    );
  }
  return { sweeps, random: random as unknown as RandomState, parameters: weights };
}

/** Weights by name as plain JSON. */
export function parametersToJson(parameters: Parameters): JsonObject {
  return Object.fromEntries(Object.entries(parameters).map(([name, w]) => [name, Array.from(w)]));
}

/** The weights that `parametersToJson` gave; `undefined` for anything else. */
export function parametersFromJson(json: Json | undefined): Parameters | undefined {
  if (!isObject(json)) return undefined;
  const weights = Object.entries(json);
  const whole = weights.every(([, values]) => Array.isArray(values) && values.every((w) => typeof w === 'number'));
  if (!whole) return undefined;
  return Object.fromEntries(weights.map(([name, values]) => [name, Float64Array.from(values as number[])]));
}

export function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
