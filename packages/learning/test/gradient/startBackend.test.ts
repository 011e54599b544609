import { createMlp } from '@ggdln/architectures';
import { sampleProblem } from '@ggdln/plugin-testkit';
import { selectTensorBackend } from '@ggdln/tensor';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { createLossNetwork, readGradientOptions } from '../../src/gradient/createLossNetwork.ts';
import { makeContext } from './problems.ts';

afterAll(() => selectTensorBackend('wasm'));

describe('the tensor backend of a context', () => {
  it('is what automatic gradients run on; another gives the same to rounding', async () => {
    const problem = sampleProblem(createMlp({ depth: 1, width: 5, sigma: 1, activation: 'relu' }), { gates: [1] });
    const evaluate = async (name: 'cpu' | 'wasm') => {
      const context = { ...makeContext(1), tensor: () => selectTensorBackend(name) };
      const network = await createLossNetwork(
        problem,
        readGradientOptions('test', { gradient: 'autodiff' }),
        context,
        'test',
      );
      expect(tf.getBackend()).toBe(name);
      const theta = Float32Array.from({ length: network.size }, (_, k) => Math.sin(k));
      const gradient = new Float32Array(network.size);
      const loss = await network.evaluate(theta, gradient);
      network.dispose();
      return [loss, ...gradient];
    };
    const [cpu, wasm] = [await evaluate('cpu'), await evaluate('wasm')];
    const scale = Math.max(...cpu.map(Math.abs));
    for (const [k, value] of cpu.entries()) expect(Math.abs(wasm[k] - value)).toBeLessThan(1e-5 * scale);
  });

  it('is not started by gradients that need no tensors', async () => {
    const problem = sampleProblem(createMlp({ depth: 1, width: 5, sigma: 1, activation: 'relu' }), { gates: [1] });
    const tensor = () => {
      throw new Error('tensors were started');
    };
    const analytic = readGradientOptions('test', { gradient: 'analytic' });
    const network = await createLossNetwork(problem, analytic, { ...makeContext(1), tensor }, 'test');
    network.dispose();
  });
});
