import { createRegistry, isGgdlnError, type Registry } from '@ggdln/core';
import { type ExperimentSpec, type ResolvedSpec, resolveSpec } from '../src/index.ts';
import { doubles } from './doubles.ts';

export const registry: Registry = createRegistry([doubles]);

export const baseSpec: ExperimentSpec = {
  ggdln: 1,
  name: 'width',
  title: 'Does width help?',
  seed: 11,
  temperature: 0.01,
  dataset: { use: 'line' },
  gating: { use: 'steps' },
  architecture: { use: 'net' },
  learners: [{ use: 'sampler' }],
  theories: [{ use: 'closed-form' }],
  sweep: { 'architecture.width': [10, 30, 100] },
};

export function resolved(changes: Partial<ExperimentSpec> = {}): ResolvedSpec {
  return resolveSpec({ ...baseSpec, ...changes }, registry);
}

/** The code and message of what a function throws. */
export async function failureOf(run: () => unknown): Promise<{ code: string; message: string }> {
  try {
    await run();
  } catch (error) {
    if (isGgdlnError(error)) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('nothing was thrown');
}
