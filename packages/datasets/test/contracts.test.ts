import type { DatasetEntry, JsonObject } from '@ggdln/core';
import { testDataset } from '@ggdln/plugin-testkit';
import { CIFAR10_FILES, datasetsPlugin } from '../src/index.ts';
import { memoryFiles } from './support.ts';

/** Twenty images of the classes 0 and 1, all different. */
const cifar = new Uint8Array(20 * 3073);
for (let i = 0; i < cifar.length; i++) cifar[i] = i % 3073 === 0 ? (i / 3073) % 2 : (i * 31) % 251;
const csv = ['a,b,c', ...Array.from({ length: 30 }, (_, i) => `${Math.sin(i)},${Math.cos(2 * i)},${i % 2}`)].join('\n');
const files = memoryFiles({
  ...Object.fromEntries([...CIFAR10_FILES.train, ...CIFAR10_FILES.test].map((name) => [name, cifar])),
  'small.csv': new TextEncoder().encode(csv),
});
const images = { trainSize: 10, testSize: 4 };
const digits = { ...images, task: 'pair' };

/** Options of every dataset that keep it small. */
const small: { readonly [name: string]: JsonObject } = {
  mnist: { ...digits, digits: [3, 8] },
  'mnist-small': { ...digits, digits: [3, 8] },
  'fashion-mnist': { ...digits, classes: [3, 8] },
  'cifar-10': images,
  table: { ...images, file: 'small.csv' },
  'noisy-teacher': images,
  'one-hot-contexts': images,
  'related-teachers': images,
  'permuted-tasks': { ...images, base: 'mnist' },
  'rotated-tasks': { ...images, base: 'mnist' },
  'split-tasks': { ...images, tasks: 2 },
  'conflicting-tasks': images,
  xor: {},
  'semantic-hierarchy': { levels: 2 },
};

for (const [name, entry] of Object.entries(datasetsPlugin.dataset as Record<string, DatasetEntry>)) {
  testDataset(name, entry, { options: small[name], files });
}
