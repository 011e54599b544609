import { testLinalg } from '@ggdln/plugin-testkit';
import { createOpenblasBackend } from '../src/index.ts';

testLinalg('openblas', () => createOpenblasBackend());
