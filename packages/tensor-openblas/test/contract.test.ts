import { createOpenblasBackend } from '@ggdln/linalg-openblas';
import { testTensor } from '@ggdln/plugin-testkit';
import { expect, it } from 'vitest';
import { tensorOpenblasPlugin } from '../src/index.ts';

const missing = await createOpenblasBackend().then(
  () => undefined,
  (error: Error) => error.message,
);
if (missing === undefined) testTensor('openblas', tensorOpenblasPlugin.tensor!.openblas);
else {
  it(`says why the native backend is not tested here: ${missing}`, () => {
    expect(missing).toContain('tried');
  });
}
