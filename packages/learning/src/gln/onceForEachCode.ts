import type { Warning } from '@ggdln/core';

/** Passes on the first warning of each code: several networks would say the same. */
export function onceForEachCode(onWarning: (warning: Warning) => void): (warning: Warning) => void {
  const seen = new Set<string>();
  return (warning) => {
    if (seen.has(warning.code)) return;
    seen.add(warning.code);
    onWarning(warning);
  };
}
