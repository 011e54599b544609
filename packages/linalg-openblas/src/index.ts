export { createOpenblasBackend, type OpenblasOptions } from './openblasBackend.ts';
export { openblasPlugin } from './openblasPlugin.ts';
