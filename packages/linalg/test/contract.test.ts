// By path: the testkit stands on this package, so a dependency on it would be a circle.
import { testLinalg } from '../../plugin-testkit/src/testLinalg.ts';
import { createMlMatrixBackend, createWasmBackend } from '../src/index.ts';

testLinalg('ml-matrix', createMlMatrixBackend);
testLinalg('wasm', createWasmBackend);
