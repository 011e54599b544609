import { testTensor } from '@ggdln/plugin-testkit';
import { tensorPlugin } from '../src/index.ts';

testTensor('wasm', tensorPlugin.tensor!.wasm);
testTensor('cpu', tensorPlugin.tensor!.cpu);
