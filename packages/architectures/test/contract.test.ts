import { testArchitecture } from '@ggdln/plugin-testkit';
import { describe, expect, it } from 'vitest';
import { architecturesPlugin } from '../src/index.ts';

const { ggdln, dln } = architecturesPlugin.architecture!;

testArchitecture('ggdln', ggdln, { options: { depth: 1, width: 4 } });
testArchitecture('ggdln of three layers', ggdln, { options: { depth: 3, widths: [3, 2, 4] }, gates: [2, 3, 2] });
testArchitecture('ggdln of two outputs', ggdln, { options: { depth: 2, widths: [3, 4] }, gates: [2, 3], outputs: 2 });
testArchitecture('dln', dln, { options: { depth: 2, widths: [3, 4] }, gates: [1, 1] });

describe('networks without gates', () => {
  it('refuse every gating but always-on before anything is computed', () => {
    for (const name of ['dln', 'mlp', 'galu-trained', 'gln']) {
      const { supports } = architecturesPlugin.architecture![name];
      expect(supports?.({ gating: 'always-on' }), name).toBeUndefined();
      expect(supports?.({ gating: 'half-spaces' }), name).toEqual({
        reason: 'this network has no gates, and the gating half-spaces gives it some',
        remedy: 'Use the gating "always-on", or the architecture "ggdln"',
      });
    }
    expect(ggdln.supports).toBeUndefined();
  });
});
