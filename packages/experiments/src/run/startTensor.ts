import { type Registry, resolveOptions, type TensorBackend } from '@ggdln/core';

/**
 * Starts a tensor backend of the registry with its default options, and makes it the active one of this process: what
 * `RunContext.tensor` of an experiment does.
 * @throws GGDLN_UNKNOWN_NAME naming the nearest ones; GGDLN_BACKEND when it can't run here.
 */
export function startTensor(name: string, registry: Registry): TensorBackend | Promise<TensorBackend> {
  const entry = registry.get('tensor', name);
  return entry.create(resolveOptions(entry.options, {}, `tensor ${name}`));
}
