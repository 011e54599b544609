import { type ConformanceCase, inputError, type Json, type JsonObject } from '@ggdln/core';
import { sigmoid } from './arithmetic.ts';
import { createBernoulliGln } from './bernoulli.ts';
import { collapseBernoulliGln } from './collapse.ts';
import type { GlnHalfSpaces } from './halfSpaces.ts';

/** `gln.logit-collapse`: the prediction of a network and the one linear map in logit space that gives it. */
export const logitCollapse: ConformanceCase = async ({ params, inputs }) => {
  const side = numbersAt(inputs, 'sideInfo');
  const base = numbersAt(inputs, 'basePrediction');
  const network = createBernoulliGln({
    inputs: base.length,
    halfSpaces: {
      sideInputs: side.length,
      normals: inputs.hyperplanes as GlnHalfSpaces['normals'],
      offsets: inputs.offsets as GlnHalfSpaces['offsets'],
    },
    ...('epsilon' in params ? { epsilon: params.epsilon as number } : {}),
    ...('biasLogit' in params ? { biasLogit: params.biasLogit as number } : {}),
  });
  const layers = Array.isArray(inputs.weights) ? inputs.weights : [];
  const weights = Object.fromEntries(layers.map((layer: Json, i) => [`W${i + 1}`, Float64Array.from(flatten(layer))]));
  const pass = network.createPass();
  network.forward(weights, { side, base }, pass);
  return {
    output: sigmoid(pass[pass.length - 1].logits[0]),
    effectiveWeights: Array.from(collapseBernoulliGln(network, weights, side)),
  };
};

function numbersAt(data: JsonObject, name: string): Float64Array {
  return Float64Array.from(flatten(data[name]));
}

function flatten(json: Json | undefined): number[] {
  if (typeof json === 'number') return [json];
  if (Array.isArray(json)) return json.flatMap(flatten);
  throw inputError('@ggdln/architectures conformance', 'a list has something that is no number', 'Give nested lists');
}
