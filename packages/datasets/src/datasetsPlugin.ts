import { CONTRACT_VERSION, defineDataset, type FileSource, GgdlnError, type Plugin } from '@ggdln/core';
import { loadMnist } from './mnist.ts';
import { mnistOptions } from './mnistOptions.ts';
import { noisyTeacher, noisyTeacherOptions } from './noisyTeacher.ts';
import { oneHotContexts, oneHotContextsOptions } from './oneHotContexts.ts';

/** The datasets of this package. */
export const datasetsPlugin: Plugin = {
  name: '@ggdln/datasets',
  contract: CONTRACT_VERSION,
  dataset: {
    mnist: defineDataset({
      title: 'MNIST digits',
      summary: 'Handwritten digits: odd against even, two digits, or all classes',
      references: ['LeCun, Bottou, Bengio & Haffner 1998, Proc. IEEE 86, 2278'],
      options: mnistOptions,
      create: (options, { files, rng, signal, onProgress }) =>
        loadMnist(options, requireFiles(files), rng, { signal, onProgress }),
    }),
    'noisy-teacher': defineDataset({
      title: 'Noisy teacher',
      summary: 'Gaussian inputs, a random linear or ReLU teacher, label noise',
      options: noisyTeacherOptions,
      create: (options, { rng }) => noisyTeacher(options, rng),
    }),
    'one-hot-contexts': defineDataset({
      title: 'One-hot contexts',
      summary: 'Related linear tasks, one context each: transfer between gates at finite width',
      references: ['Li & Sompolinsky 2022, arXiv:2210.17449'],
      options: oneHotContextsOptions,
      create: (options, { rng }) => oneHotContexts(options, rng),
    }),
  },
};

function requireFiles(files: FileSource | undefined): FileSource {
  if (files) return files;
  throw new GgdlnError({
    code: 'GGDLN_DATA',
    where: 'dataset mnist',
    problem: 'nothing was given to read its files from (context.files)',
    remedy: 'In Node use createFileSource() of @ggdln/datasets/node; elsewhere give an object with read(dataset, file)',
  });
}
