import type { JsonObject } from '@ggdln/core';
import { testStudy } from '@ggdln/plugin-testkit';
import { studiesPlugin } from '../src/index.ts';

/** Settings that take a moment. */
const small: { readonly [name: string]: JsonObject } = {
  'routing-race': { domains: 3, partners: 2, hidden: 12, networks: 2, epochs: 20 },
  'xor-race': { hidden: 16, networks: 2, rate: 0.1, time: 40 },
  memorisation: { inputs: 30, dimension: 5, ratios: [0.5, 1], draws: 2, scales: [2], coarse: [0.5], steps: 10 },
  'two-phases': { examples: 4, tests: 5, features: 4, depth: 1, width: 12, temperature: 1, pairs: 3, end: 1 },
  'two-heads': { width: 8, draws: 2, gammas: [0.5, 0.9], lambdas: [10, 100], samples: 10 },
  forgetting: { tasks: 3, examples: 3, features: 10, width: 60, networks: 2 },
  drift: { examples: 2, features: 3, width: 12, temperature: 1, pairs: 2 },
};

for (const [name, entry] of Object.entries(studiesPlugin.study ?? {})) {
  testStudy(name, entry, { options: small[name] ?? {} });
}
