// Here and not in @ggdln/linalg: the testkit stands on that package, which therefore can't depend on the testkit.
import { createMlMatrixBackend, createWasmBackend } from '@ggdln/linalg';
import { testLinalg } from '../src/index.ts';

testLinalg('ml-matrix', createMlMatrixBackend);
testLinalg('wasm', createWasmBackend);
