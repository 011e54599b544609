import { testArchitecture } from '@ggdln/plugin-testkit';
import { architecturesPlugin } from '../src/index.ts';

const { ggdln, dln } = architecturesPlugin.architecture!;

testArchitecture('ggdln', ggdln, { options: { depth: 1, width: 4 } });
testArchitecture('ggdln of three layers', ggdln, { options: { depth: 3, widths: [3, 2, 4] }, gates: [2, 3, 2] });
testArchitecture('ggdln of two outputs', ggdln, { options: { depth: 2, widths: [3, 4] }, gates: [2, 3], outputs: 2 });
testArchitecture('dln', dln, { options: { depth: 2, widths: [3, 4] }, gates: [1, 1] });
