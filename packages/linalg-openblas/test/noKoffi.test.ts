import { chooseLinalg, linalgPlugin } from '@ggdln/linalg';
import { expect, it, vi } from 'vitest';
import { createOpenblasBackend, openblasPlugin } from '../src/index.ts';

vi.mock('koffi', () => {
  throw new Error('Cannot find the native Koffi module; did you bundle it correctly?\nMore lines');
});

it('says what is missing where native libraries can not be called, and the portable backend is taken', async () => {
  const error = (await createOpenblasBackend().catch((refused: unknown) => refused)) as Error;
  expect(error).toMatchObject({ code: 'GGDLN_BACKEND' });
  expect(error.message).toMatch(
    /koffi, which calls native libraries, does not run here \(.+\)\. Install it for this platform \(npm install koffi\)/,
  );
  expect(error.message).not.toContain('\n');
  const { backend, reason } = await chooseLinalg(undefined, { ...openblasPlugin.linalg, ...linalgPlugin.linalg });
  expect(backend.name).toBe('wasm');
  expect(reason).toMatch(
    /; the fastest that runs here\. openblas would be faster: koffi, which calls .*npm install koffi/,
  );
});
