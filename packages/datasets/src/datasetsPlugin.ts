import { CONTRACT_VERSION, defineDataset, type FileSource, GgdlnError, type Plugin } from '@ggdln/core';
import { cifar10Options, loadCifar10 } from './cifar10.ts';
import { fashionMnistOptions, loadFashionMnist } from './fashionMnist.ts';
import { loadMnist } from './mnist.ts';
import { mnistOptions } from './mnistOptions.ts';
import { loadMnistSmall } from './mnistSmall.ts';
import { noisyTeacher, noisyTeacherOptions } from './noisyTeacher.ts';
import { oneHotContexts, oneHotContextsOptions } from './oneHotContexts.ts';
import { relatedTeachers, relatedTeachersOptions } from './relatedTeachers.ts';
import { semanticHierarchy, semanticHierarchyOptions } from './semanticHierarchy.ts';
import { loadTable } from './table.ts';
import { tableOptions } from './tableOptions.ts';
import {
  conflictingTasks,
  conflictingTasksOptions,
  permutedTasks,
  permutedTasksOptions,
  rotatedTasks,
  rotatedTasksOptions,
  splitTasks,
  splitTasksOptions,
} from './taskFamilies.ts';
import { xor, xorOptions } from './xor.ts';

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
        loadMnist(options, requireFiles('mnist', files), rng, { signal, onProgress }),
    }),
    'mnist-small': defineDataset({
      title: 'MNIST, 2000 digits',
      summary: 'The first 140 training and 60 test images of every digit; nothing is fetched',
      references: ['LeCun, Bottou, Bengio & Haffner 1998, Proc. IEEE 86, 2278'],
      options: mnistOptions,
      create: (options, { files, rng, signal, onProgress }) =>
        loadMnistSmall(options, requireFiles('mnist-small', files), rng, { signal, onProgress }),
    }),
    'fashion-mnist': defineDataset({
      title: 'Fashion-MNIST',
      summary: 'Pictures of clothes, in the format of MNIST: two classes or all',
      references: ['Xiao, Rasul & Vollgraf 2017, arXiv:1708.07747'],
      options: fashionMnistOptions,
      create: (options, { files, rng, signal, onProgress }) =>
        loadFashionMnist(options, requireFiles('fashion-mnist', files), rng, { signal, onProgress }),
    }),
    'cifar-10': defineDataset({
      title: 'CIFAR-10',
      summary: 'Natural images of 32 × 32, grey or colour: two classes or all',
      references: ['Krizhevsky 2009, Learning multiple layers of features from tiny images'],
      options: cifar10Options,
      create: (options, { files, rng, signal, onProgress }) =>
        loadCifar10(options, requireFiles('cifar-10', files), rng, { signal, onProgress }),
    }),
    table: defineDataset({
      title: 'Own data',
      summary: 'Rows of a CSV, NPY or NPZ file: classes or regression',
      options: tableOptions,
      create: (options, { files, rng, signal, onProgress }) =>
        loadTable(options, requireFiles('table', files), rng, { signal, onProgress }),
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
    'related-teachers': defineDataset({
      title: 'Related teachers',
      summary: 'Linear tasks whose inputs and rules resemble each other by two knobs',
      references: ['Shan, Li & Sompolinsky 2024, arXiv:2407.10315'],
      options: relatedTeachersOptions,
      create: (options, { rng }) => relatedTeachers(options, rng),
    }),
    'permuted-tasks': defineDataset({
      title: 'Permuted tasks',
      summary: 'One problem under different orders of its inputs',
      references: ['Goodfellow et al. 2013, arXiv:1312.6211'],
      options: permutedTasksOptions,
      create: (options, context) => permutedTasks(options, context.rng, context),
    }),
    'rotated-tasks': defineDataset({
      title: 'Rotated tasks',
      summary: 'One problem turned by an angle from task to task',
      references: ['Lopez-Paz & Ranzato 2017, arXiv:1706.08840'],
      options: rotatedTasksOptions,
      create: (options, context) => rotatedTasks(options, context.rng, context),
    }),
    'split-tasks': defineDataset({
      title: 'Split tasks',
      summary: 'Each task tells other classes apart',
      references: ['Zenke, Poole & Ganguli 2017, arXiv:1703.04200'],
      options: splitTasksOptions,
      create: (options, context) => splitTasks(options, context.rng, context),
    }),
    'conflicting-tasks': defineDataset({
      title: 'Conflicting tasks',
      summary: 'The same inputs with labels that contradict each other',
      options: conflictingTasksOptions,
      create: (options, context) => conflictingTasks(options, context.rng, context),
    }),
    xor: defineDataset({
      title: 'Exclusive or',
      summary: 'Four corners whose product is the target: not linear',
      references: ['Saxe, Sodhani & Lewallen 2022, arXiv:2207.10430'],
      options: xorOptions,
      create: (options, { rng }) => xor(options, rng),
    }),
    'semantic-hierarchy': defineDataset({
      title: 'Semantic hierarchy',
      summary: 'Items of a tree with the properties of all nodes above them',
      references: ['Saxe, McClelland & Ganguli 2019, arXiv:1810.10531'],
      options: semanticHierarchyOptions,
      create: (options) => semanticHierarchy(options),
    }),
  },
};

function requireFiles(dataset: string, files: FileSource | undefined): FileSource {
  if (files) return files;
  throw new GgdlnError({
    code: 'GGDLN_DATA',
    where: `dataset ${dataset}`,
    problem: 'nothing was given to read its files from (context.files)',
    remedy: 'In Node use createFileSource() of @ggdln/datasets/node; elsewhere give an object with read(dataset, file)',
  });
}
