import type { ConformanceCase, Json } from '@ggdln/core';
import { type Matrix, toRows } from '@ggdln/linalg';
import { type KPathWeights, kPathGradient, kPathReport } from './kPath.ts';
import { trainKPath } from './kPathTraining.ts';
import { columnOf, columnsOf, matricesOf, matrixOf, numberAt, numbersOf, objectAt } from './readStored.ts';
import { relabelledClasses } from './routingTask.ts';

/** `gdln.kpath`: losses of all pairs, the gradient over the trained ones, and a run with momentum. */
export const kPathCase: ConformanceCase = async ({ params, inputs }, { linalg }) => {
  const stored = objectAt(inputs, 'weights');
  const base = numbersOf(inputs.baseLabels, 'inputs.baseLabels');
  const weights: KPathWeights = {
    encoders: matricesOf(stored.enc, 'weights.enc'),
    encoderBiases: columnsOf(stored.be, 'weights.be'),
    hidden: matrixOf(stored.hid, 'weights.hid'),
    hiddenBias: columnOf(stored.bh, 'weights.bh'),
    decoders: matricesOf(stored.dec, 'weights.dec'),
    decoderBiases: columnsOf(stored.bd, 'weights.bd'),
  };
  const gate = matrixOf(inputs.gate, 'inputs.gate');
  const targetMaps = weights.decoders.map(({ rows }, domain) => relabelledClasses(domain, rows));
  // A class that there isn't stays as it is, and is refused with the other labels.
  const labels = targetMaps.map((map) => base.map((label) => map[label] ?? label));
  const data = { gate, inputs: matricesOf(inputs.x, 'inputs.x'), labels };
  const { losses, correct } = kPathReport(weights, data, linalg);
  const { loss, gradients } = kPathGradient(weights, data, linalg);
  const run = {
    rate: numberAt(params, 'params.lr'),
    momentum: numberAt(params, 'params.momentum'),
    steps: numbersOf(inputs.steps, 'inputs.steps'),
  };
  return {
    targetMaps,
    labels,
    lossMatrix: toRows(losses),
    gatedLoss: loss,
    correct: toRows(correct),
    gradient: {
      enc: gradients.encoders.map(toRows),
      be: gradients.encoderBiases.map(plain),
      hid: toRows(gradients.hidden),
      bh: plain(gradients.hiddenBias),
      dec: gradients.decoders.map(toRows),
      bd: gradients.decoderBiases.map(plain),
    },
    training: trainKPath(weights, data, run, linalg).map((state): Json => {
      const report = kPathReport(state.weights, data, linalg);
      const { selectedAccuracy, unselectedAccuracy, selectedLoss, unselectedLoss } = report;
      return {
        step: state.step,
        gatedLoss: state.loss,
        selectedAccuracy,
        unselectedAccuracy,
        selectedLoss,
        unselectedLoss,
      };
    }),
  };
};

function plain({ data }: Matrix): number[] {
  return Array.from(data);
}
