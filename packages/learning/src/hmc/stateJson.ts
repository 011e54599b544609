import { inputError, type JsonObject, type RandomState } from '@ggdln/core';
import { isObject, parametersFromJson, parametersToJson } from '../gibbs/stateJson.ts';
import type { HmcState } from './sampler.ts';
import type { Adaptation } from './stepSize.ts';

/** A state as plain JSON. Numbers survive it exactly. */
export function hmcStateToJson({ parameters, random, trajectories, adaptation }: HmcState): JsonObject {
  return {
    trajectories,
    random: { ...random },
    adaptation: { ...adaptation },
    parameters: parametersToJson(parameters),
  };
}

/** The state that `hmcStateToJson` gave. @throws GGDLN_INPUT for anything else. */
export function hmcStateFromJson(json: JsonObject): HmcState {
  const { trajectories, random, adaptation, parameters } = json;
  const weights = parametersFromJson(parameters);
  const whole =
    isObject(adaptation) &&
    ['logStep', 'logMean', 'shortfall', 'centre', 'count'].every((name) => typeof adaptation[name] === 'number');
  if (typeof trajectories !== 'number' || !isObject(random) || !whole || !weights) {
    throw inputError(
      '@ggdln/learning hmcStateFromJson',
      'this is no stored chain',
      'Give what hmcStateToJson returned',
    );
  }
  return {
    trajectories,
    random: random as unknown as RandomState,
    adaptation: adaptation as unknown as Adaptation,
    parameters: weights,
  };
}
