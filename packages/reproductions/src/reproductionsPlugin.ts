import { CONTRACT_VERSION, type Plugin } from '@ggdln/core';
import { independentSamplerPlugin } from './bpkr/independentSampler.ts';
import { scaledTeacherPlugin } from './bpkr/scaledTeacher.ts';
import { conflictingTeacherPlugin } from './ggdln/conflictingTeacher.ts';

/** What experiments of reproductions use besides the built-in plugins: for processes that compute their points. */
export const reproductionsPlugin: Plugin = {
  name: '@ggdln/reproductions',
  contract: CONTRACT_VERSION,
  dataset: { ...scaledTeacherPlugin.dataset, ...conflictingTeacherPlugin.dataset },
  learner: { ...independentSamplerPlugin.learner },
};
