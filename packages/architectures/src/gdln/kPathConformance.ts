import { type ConformanceCase, inputError, type Json } from '@ggdln/core';
import { columnVector, type Matrix, matrixFromRows, toRows } from '@ggdln/linalg';
import { type KPathWeights, kPathGradient, kPathReport, trainKPath } from './kPath.ts';
import { relabelledClasses } from './routingTask.ts';

/** `gdln.kpath`: losses of all pairs, the gradient over the trained ones, and a run with momentum. */
export const kPathCase: ConformanceCase = async ({ params, inputs }, { linalg }) => {
  const stored = inputs.weights as unknown as Record<string, number[][][] & number[][] & number[]>;
  const base = inputs.baseLabels;
  if (!stored || !Array.isArray(base)) {
    throw inputError('@ggdln/architectures conformance', 'weights or baseLabels are absent', 'See fixtures/gdln.json');
  }
  const weights: KPathWeights = {
    encoders: stored.enc.map(matrixFromRows),
    encoderBiases: stored.be.map(columnVector),
    hidden: matrixFromRows(stored.hid),
    hiddenBias: columnVector(stored.bh),
    decoders: stored.dec.map(matrixFromRows),
    decoderBiases: stored.bd.map(columnVector),
  };
  const gate = matrixFromRows(inputs.gate as number[][]);
  const targetMaps = weights.decoders.map(({ rows }, domain) => relabelledClasses(domain, rows));
  const labels = targetMaps.map((map) => base.map((label) => map[label as number]));
  const data = { gate, inputs: (inputs.x as number[][][]).map(matrixFromRows), labels };
  const { losses, correct } = kPathReport(weights, data, linalg);
  const { loss, gradients } = kPathGradient(weights, data, linalg);
  const run = { rate: params.lr as number, momentum: params.momentum as number, steps: inputs.steps as number[] };
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
