import { createRandom, createRegistry } from '@ggdln/core';
import { resolveSpec, runExperiment } from '@ggdln/experiments';
import { createWasmBackend, identity, matrix } from '@ggdln/linalg';
import { standardPlugins } from '@ggdln/standard';
import { describe, expect, it } from 'vitest';
import { withinErrors } from '../src/bpkr/common.ts';
import { independentSamplerPlugin } from '../src/bpkr/independentSampler.ts';
import { processErrors } from '../src/gaussianProcess.ts';

describe('the sampler of independent networks', () => {
  it('agrees with the exact posterior within its error bars, at T = 0 and above, wide and narrow', async () => {
    const registry = createRegistry([...standardPlugins, independentSamplerPlugin]);
    const linalg = await createWasmBackend();
    for (const temperature of [0, 0.2]) {
      const spec = {
        ggdln: 1 as const,
        name: 'independent',
        temperature,
        dataset: { use: 'noisy-teacher', inputs: 12, trainSize: 8, testSize: 20, noise: 0.3 },
        gating: { use: 'always-on' },
        architecture: { use: 'dln', depth: 2 },
        learners: [{ use: 'independent', samples: 3000 }],
        theories: [{ use: 'bpkr-exact' }],
        sweep: { 'architecture.width': [4, 20] },
      };
      const result = await runExperiment(resolveSpec(spec, registry), { registry, linalg });
      const checks = withinErrors(result, 'bpkr-exact');
      expect(checks).toHaveLength(2);
      for (const { pass, found } of checks) {
        expect(pass).toBe(true);
        // Error bars that are far too large would hide anything.
        expect(found).toBeGreaterThan(0.01);
      }
    }
  });
});

describe('processErrors', () => {
  it('is ridge regression: exact on its own training inputs at small T, zero at large T', async () => {
    const linalg = await createWasmBackend();
    const Y = matrix(5, 1, createRandom(1).fillGaussian(new Float64Array(5)).map(Math.sign));
    const examples = { X: identity(5), Y };
    const kernels = { train: identity(5), cross: identity(5) };
    const data = { train: examples, test: examples };
    const cold = processErrors(kernels, data, 1e-9, linalg);
    expect(cold.bias).toBeCloseTo(0, 12);
    expect(cold['error rate']).toBe(0);
    // f = y/(1 + T)
    expect(processErrors(kernels, data, 3, linalg).bias).toBeCloseTo(0.75 ** 2, 12);
    const wrong = {
      ...data,
      test: {
        ...examples,
        Y: matrix(
          5,
          1,
          Y.data.map((y) => -y),
        ),
      },
    };
    expect(processErrors(kernels, wrong, 1, linalg)['error rate']).toBeCloseTo(1, 12);
  });
});
