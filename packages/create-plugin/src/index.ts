export { type CreatedPlugin, createPlugin, type NewPlugin } from './createPlugin.ts';
export { readKind, TEMPLATE_KINDS, type TemplateKind } from './kinds.ts';
export { nextSteps } from './readme.ts';
