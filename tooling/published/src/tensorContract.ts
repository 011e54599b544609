import { checkTensor, failedChecks } from '@ggdln/plugin-testkit';
import { tensorPlugin } from '@ggdln/tensor';

/** Runs the contract of a tensor backend where this is called. @returns How many checks ran, and what failed. */
export async function tensorContract(
  name: 'wasm' | 'cpu' | 'webgl' | 'webgpu',
  setup: { readonly tolerance: number; readonly options: { readonly path?: string } },
): Promise<{ readonly checks: number; readonly failed: readonly string[] }> {
  const entry = tensorPlugin.tensor?.[name];
  if (entry === undefined) throw new Error(`there is no tensor backend ${name}`);
  const checks = checkTensor(entry, setup);
  const failed = await failedChecks(checks);
  return { checks: checks.length, failed: failed.map((failure) => JSON.stringify(failure)) };
}
