import { defineTensor, type TensorEntry } from '@ggdln/core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { checkTensor, failedChecks, testTensor } from '../src/index.ts';

/** A backend with the kernels of cpu, some of them replaced. */
function backendOf(name: string, change: (name: string) => void = () => {}): TensorEntry {
  return defineTensor({
    title: 'Plain JavaScript',
    summary: 'For tests.',
    options: {},
    create: async () => {
      if (tf.findBackendFactory(name) === null) {
        await tf.setBackend('cpu');
        const shared = tf.backend() as tf.KernelBackend;
        tf.registerBackend(name, () => shared);
        tf.copyRegisteredKernels('cpu', name);
        change(name);
      }
      await tf.setBackend(name);
      return { name, description: `${name}, float32` };
    },
  });
}

/** Replaces a kernel by one whose result is changed. */
function changing(kernelName: string, change: (values: Float32Array, attrs: object) => void) {
  return (backendName: string) => {
    const before = tf.getKernel(kernelName, backendName);
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({
      ...before,
      backendName,
      kernelFunc: (call) => {
        const result = before.kernelFunc(call) as tf.TensorInfo;
        change(
          (call.backend as { data: { get(id: object): { values: Float32Array } } }).data.get(result.dataId).values,
          call.attrs ?? {},
        );
        return result;
      },
    });
  };
}

const failures = async (entry: TensorEntry) => failedChecks(checkTensor(entry));
const namesOf = async (entry: TensorEntry) => (await failures(entry)).map(({ name }) => name);

testTensor('a copy of cpu', backendOf('copy'));

describe('checkTensor', () => {
  it('finds a product that is wrong for one transpose alone, and says how far it is', async () => {
    const wrong = changing(tf.BatchMatMul, (values, attrs) => {
      if ((attrs as { transposeA?: boolean; transposeB?: boolean }).transposeB) values[0] *= 1.01;
    });
    const found = await failures(backendOf('transposes', wrong));
    expect(found.map(({ name }) => name)).toEqual([
      'multiplies matrices: ABᵀ',
      'multiplies matrices: AᵀBᵀ',
      'has the gradients of a gated network',
    ]);
    expect(found[0].reason).toMatch(
      /a product of 1 × 1 by 1 × 1 is .* from the sum in float64, expected at most 0.00001/,
    );
  });

  it('finds a product of half the precision', async () => {
    const rounded = changing(tf.BatchMatMul, (values) => {
      for (let i = 0; i < values.length; i++) values[i] = Number(values[i].toPrecision(4));
    });
    expect(await namesOf(backendOf('half', rounded))).toContain('multiplies matrices: AB');
  });

  it('finds a relu that lets negative numbers through', async () => {
    const leaky = changing(tf.Relu, (values) => {
      for (let i = 0; i < values.length; i++) if (values[i] === 0) values[i] = -0.01;
    });
    expect(await namesOf(backendOf('leaky', leaky))).toEqual(['has relu, erf and square']);
  });

  it('finds a wrong gradient behind right values', async () => {
    // The gradient of relu is made of Step, that of erf of Exp, that of square of products.
    const wrong = changing(tf.Exp, (values) => {
      for (let i = 0; i < values.length; i++) values[i] *= 1.001;
    });
    const found = await failures(backendOf('slopes', wrong));
    expect(found.map(({ name }) => name)).toEqual(['has the gradients of relu, erf and square']);
    expect(found[0].reason).toMatch(/^the gradient of erf is/);
  });

  it('finds sums over the wrong axis, and products that are random', async () => {
    const wrong = changing(tf.Sum, (values) => values.reverse());
    expect(await namesOf(backendOf('sums', wrong))).toContain('sums over any axis');
    const noisy = changing(tf.BatchMatMul, (values) => {
      values[0] *= 1 + 1e-6 * Math.random();
    });
    expect(await namesOf(backendOf('noisy', noisy))).toEqual(['gives the same bits again, also after other work']);
  });

  it('finds a backend that is not made active, and one that is another', async () => {
    const starts = 'starts, says what runs, and is the active backend of TensorFlow.js';
    const sound = backendOf('passive');
    const passive: TensorEntry = {
      ...sound,
      create: async (options) => {
        const backend = await sound.create(options);
        await tf.setBackend('cpu');
        return backend;
      },
    };
    const [failure, ...others] = await failures(passive);
    expect(failure.name).toBe(starts);
    expect(failure.reason).toMatch(/the active backend is cpu, expected passive; call tf\.setBackend\('passive'\)/);
    expect(others).toEqual([]);
    const fallen: TensorEntry = {
      ...sound,
      create: async (options) => ({ ...(await sound.create(options)), fallback: 'no graphics processor' }),
    };
    expect((await failures(fallen))[0].reason).toMatch(/it fell back: no graphics processor; expected/);
  });

  it('finds tensors that are left behind', async () => {
    const kept: tf.Tensor[] = [];
    const leaking = (name: string) => {
      const before = tf.getKernel(tf.BatchMatMul, name);
      tf.unregisterKernel(tf.BatchMatMul, name);
      tf.registerKernel({
        ...before,
        backendName: name,
        kernelFunc: (call) => {
          kept.push(tf.keep(tf.scalar(1)));
          return before.kernelFunc(call);
        },
      });
    };
    const found = await failures(backendOf('leaks', leaking));
    expect(found.map(({ name }) => name)).toEqual(['holds as many tensors after a step of training as before']);
    expect(found[0].reason).toMatch(/a step leaves \d+ tensors behind, expected none/);
    tf.dispose(kept);
  });
});
