import { type Architecture, type ConditionallyGaussian, defineArchitecture, type GaussianBlock } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { type Check, checkArchitecture, failedChecks } from '../src/index.ts';
import { conditionals, network } from './soundParts.ts';

const checksOf = (architecture: Architecture): Check[] =>
  checkArchitecture(
    defineArchitecture({ title: 'Two', summary: 'For tests.', options: {}, create: () => architecture }),
  );
const failuresOf = async (changes: Partial<Architecture>) =>
  (await failedChecks(checksOf({ ...network, ...changes }))).map(({ name }) => name);
const ofConditionals = (changes: Partial<ConditionallyGaussian>) =>
  failuresOf({ conditionals: { ...conditionals, ...changes } });
const ofBlock = (change: (block: GaussianBlock) => Partial<GaussianBlock>) =>
  ofConditionals({
    block(...args) {
      const block = conditionals.block(...args);
      return { ...block, ...change(block) };
    },
  });
const double = (values: Float64Array) => values.map((value) => 2 * value);

describe('checkArchitecture', () => {
  it('passes a sound network, with and without conditionals', async () => {
    const { conditionals: _, ...bare } = network;
    expect(await failedChecks(checksOf(network))).toEqual([]);
    expect(await failedChecks(checksOf(bare))).toEqual([]);
    expect(checksOf(bare).length).toBeLessThan(checksOf(network).length);
  });

  it('finds a prediction that depends on the batch', async () => {
    const predict: Architecture['predict'] = (...args) => {
      const { rows, data } = network.predict(...args);
      return matrix(
        rows,
        1,
        data.map((value) => value - data[0]),
      );
    };
    expect(await failuresOf({ predict })).toContain('predicts an input the same alone as in a batch');
  });

  it('finds a parameter without effect', async () => {
    const shapes: Architecture['shapes'] = (dimensions) => ({ ...network.shapes(dimensions), unused: [3] });
    const found = ['depends on every parameter', 'updates every parameter in a sweep'];
    expect(await failuresOf({ shapes })).toEqual(expect.arrayContaining(found));
  });

  it('finds an order parameter that is not symmetric', async () => {
    const orderParameters = () => ({ U1: matrix(2, 2, Float64Array.of(1, 0.1, 0, 1)) });
    expect(await failuresOf({ orderParameters })).toEqual(['gives symmetric, finite order parameters']);
  });

  it('finds shapes that are accepted although they do not fit', async () => {
    const predict: Architecture['predict'] = ({ a, W }, inputs, linalg) => {
      const { gates, X } = inputs;
      const fits = gates[0]?.rows === X.rows && a.length === 2 * gates[0].cols && W.length === 2 * X.cols;
      return fits ? network.predict({ a, W }, inputs, linalg) : matrix(X.rows, 1);
    };
    expect(await failuresOf({ predict })).toEqual([
      'refuses gates that do not fit the inputs, and parameters of the wrong size',
    ]);
  });
});

describe('checkArchitecture of conditionals', () => {
  const forward = 'agrees in each block with its own prediction';
  const gram = 'has 𝒜𝒜ᵀ as Gram matrix of each block';
  const adjoint = 'has the transpose as adjoint of each block';
  const conditional = 'predicts given the readout side as one block conditioned on the targets';

  it('finds a block that is not the network', async () => {
    const found = await ofBlock((block) => ({ forward: (weights) => double(block.forward(weights)) }));
    expect(found).toEqual([forward, adjoint, gram]);
  });

  it('finds an adjoint that is not the transpose', async () => {
    const found = await ofBlock((block) => ({ adjoint: (residual) => block.adjoint(residual).reverse() }));
    expect(found).toEqual([adjoint, gram]);
  });

  it('finds a Gram matrix of another scale', async () => {
    const found = await ofBlock((block) => ({ gram: () => ({ ...block.gram(), data: double(block.gram().data) }) }));
    expect(found).toEqual([gram, conditional]);
  });

  it('finds a block that is not linear', async () => {
    const found = await ofBlock((block) => ({ forward: (weights) => block.forward(weights).map((f) => f + 1) }));
    expect(found).toContain('has a linear map in each block, independent of the block itself');
  });

  it('finds a cache that keeps what no longer holds', async () => {
    const block: ConditionallyGaussian['block'] = (name, { a, W }, train, linalg, cache) => {
      const used = cache?.has('seen') ? { a: double(a), W: double(W) } : { a, W };
      cache?.set('seen', { from: [], value: 1 });
      return conditionals.block(name, used, train, linalg);
    };
    expect(await ofConditionals({ block })).toEqual(['gives the same blocks from a cache']);
  });

  it('finds a conditional predictor at another temperature', async () => {
    const conditionalPredictor: ConditionallyGaussian['conditionalPredictor'] = (parameters, given, linalg) =>
      conditionals.conditionalPredictor(parameters, { ...given, temperature: given.temperature * 1.01 }, linalg);
    expect(await ofConditionals({ conditionalPredictor })).toEqual([conditional]);
  });
});
