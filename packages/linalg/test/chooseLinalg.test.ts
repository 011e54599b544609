import { defineLinalg, GgdlnError, inputError, type LinalgEntry } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { chooseLinalg, createMlMatrixBackend, linalgPlugin } from '../src/index.ts';

/** An entry whose backend is plain JavaScript under another name, or that fails. */
function entry(name: string, failure?: GgdlnError): LinalgEntry {
  return defineLinalg({
    title: name,
    summary: name,
    options: {},
    create: () => {
      if (failure) throw failure;
      return { ...createMlMatrixBackend(), name, description: 'native, 3 threads' };
    },
  });
}

const absent = new GgdlnError({
  code: 'GGDLN_BACKEND',
  where: 'there',
  problem: 'No BLAS library found',
  remedy: 'Install one',
});

describe('chooseLinalg', () => {
  it('takes wasm where nothing else is offered, and says what runs', async () => {
    const { backend, reason } = await chooseLinalg();
    expect(backend.name).toBe('wasm');
    expect(reason).toBe(`wasm: ${backend.description}; the fastest that runs here`);
  });

  it('takes what it is asked for', async () => {
    for (const name of ['wasm', 'ml-matrix']) {
      const { backend, reason } = await chooseLinalg(name);
      expect(backend.name).toBe(name);
      expect(reason).toBe(`${name}: ${backend.description}; asked for`);
    }
  });

  it('takes the first candidate', async () => {
    const { reason } = await chooseLinalg(undefined, { native: entry('native'), ...linalgPlugin.linalg });
    expect(reason).toBe('native: native, 3 threads; the fastest that runs here');
  });

  it('goes on to the next where the first is absent, and says what would be faster and how to get it', async () => {
    const candidates = { native: entry('native', absent), ...linalgPlugin.linalg };
    const { backend, reason } = await chooseLinalg(undefined, candidates);
    expect(backend.name).toBe('wasm');
    expect(reason).toMatch(/^wasm: .*; the fastest that runs here\. native would be faster: No BLAS library found\. /);
    expect(reason).toMatch(/Install one$/);
    await expect(chooseLinalg('native', candidates)).rejects.toBe(absent);
  });

  it('passes on what is wrong with a setting, and the last reason when nothing runs', async () => {
    const wrong = inputError('there', 'threads is 0');
    await expect(chooseLinalg(undefined, { native: entry('native', wrong) })).rejects.toBe(wrong);
    const candidates = { native: entry('native', wrong), ...linalgPlugin.linalg };
    await expect(chooseLinalg(undefined, candidates)).rejects.toBe(wrong);
    await expect(chooseLinalg(undefined, { native: entry('native', absent) })).rejects.toBe(absent);
    await expect(chooseLinalg(undefined, {})).rejects.toThrow(/there are no candidates\. Give at least one/);
  });

  it('names the nearest backends for an unknown one', async () => {
    await expect(chooseLinalg('wsam')).rejects.toThrow(
      /unknown linear-algebra backend "wsam"\. Did you mean wasm\? Known: ml-matrix, wasm/,
    );
    await expect(chooseLinalg('natvie', { native: entry('native') })).rejects.toThrow(/Did you mean native\?/);
  });
});
