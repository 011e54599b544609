import { CONTRACT_VERSION, type Incompatibility } from './contracts/plugin.ts';

/**
 * Whether something written for a version of the contract works with this one, by semantic versioning: the same major
 * version, and a minor version that is no newer. Patches don't matter.
 * @param contract What a plugin declares, e.g. `1.0.0`.
 * @param name Of the plugin, for the message.
 * @param own The contract that is offered. Default {@link CONTRACT_VERSION}.
 * @returns Why it doesn't fit and what to do; `undefined` when it does.
 */
export function contractMismatch(
  contract: unknown,
  name: string,
  own: string = CONTRACT_VERSION,
): Incompatibility | undefined {
  const [major, minor] = readVersion(own) as readonly number[];
  const wanted = readVersion(contract);
  const reason = `the plugin ${name} is written for contract ${String(contract)}, this is ${own}`;
  if (wanted === undefined) {
    return {
      reason: `the plugin ${name} declares the contract ${JSON.stringify(contract) ?? 'undefined'}, which is no version`,
      remedy: `In the plugin, write the version that it is made for: contract: '${own}'`,
    };
  }
  if (wanted[0] === major && wanted[1] <= minor) return undefined;
  if (wanted[0] < major) {
    return {
      reason,
      remedy: `Install a newer release of ${name}, for contract ${major}; its author finds what changed in the changelog of @ggdln/core`,
    };
  }
  const older = wanted[0] > major ? `or a release of ${name} for contract ${major}` : `or an older release of ${name}`;
  return { reason, remedy: `Install a newer release of ggdln, ${older}` };
}

function readVersion(version: unknown): readonly [number, number] | undefined {
  const parts = typeof version === 'string' ? /^(\d+)\.(\d+)\.\d+$/.exec(version) : null;
  return parts ? [Number(parts[1]), Number(parts[2])] : undefined;
}
