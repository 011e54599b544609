export { type SlurmOptions, slurmOptions } from './slurmOptions.ts';
export { slurmPlugin } from './slurmPlugin.ts';
